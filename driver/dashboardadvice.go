package driver

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/highwater-dev/highwater/internal/advise"
)

// dashboardNamed tells the runs among what is named from results of debug optimize. Where
// there are such results alone, the runs are those in them, or else the latest one.
func dashboardNamed(refs []string) (runs []string, advice []advise.Subject, err error) {
	var measured []string
	for _, ref := range refs {
		d, ok := resultIn(ref)
		if !ok {
			if kind := otherDocument(ref); kind != "" {
				return nil, nil, usagef("%s is a result of %s, which has no place on this page: name runs, and results of debug optimize (--format json)", ref, kind)
			}
			runs = append(runs, ref)
			continue
		}
		advice = append(advice, d.Subjects...)
		if d.Run != nil {
			measured = append(measured, ref)
		}
	}
	if len(runs) == 0 {
		runs = measured
	}
	if len(runs) == 0 {
		runs = []string{latest}
	}
	return runs, advice, nil
}

// otherDocument is what made a file that holds neither a run nor advice, "" where that is
// not known.
func otherDocument(file string) string {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > mostResult || filepath.Ext(file) != ".json" {
		return ""
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	var has map[string]json.RawMessage
	if json.Unmarshal(data, &has) != nil {
		return ""
	}
	for _, d := range []struct{ key, verb string }{
		{"trends", "trend"}, {"first_bad", "bisect"}, {"confidence_wanted", "bisect"}, {"tables", "compare --by"}, {"repeats_here", "noise"},
	} {
		if _, ok := has[d.key]; ok {
			return d.verb
		}
	}
	return ""
}
