package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/anatomy"
	"github.com/highwater-dev/highwater/internal/report"
)

// lines is what hotspots writes as JSON.
type lines struct {
	Profiled int64             `json:"profiled_bytes"`
	Live     []anatomy.Hotspot `json:"by_live_bytes"`
	Rate     []anatomy.Hotspot `json:"by_allocation_rate"`
}

func read(file string, into any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

func (r *result) saw(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func (r *result) wrongly(format string, a ...any) {
	r.wrong = append(r.wrong, fmt.Sprintf(format, a...))
}

func (r *result) must(ok bool, f string, a ...any) bool {
	if !ok {
		r.wrongly(f, a...)
	}
	return ok
}

// anatomyOf: the parts add up, the server's package holds most, and its course is told.
func anatomyOf(file string, r *result) error {
	var a anatomy.Anatomy
	if err := read(file, &a); err != nil {
		return err
	}
	var sum int64
	for _, p := range a.Parts {
		sum += p.Bytes
	}
	r.must(a.RSS > 0 && sum == a.RSS, "the parts add up to %d B of %d B", sum, a.RSS)
	r.must(len(a.Course) > 0, "nothing is said of how memory went")
	r.must(a.Goroutines.Count > clients, "%d goroutines with %d clients", a.Goroutines.Count, clients)
	r.must(slices.ContainsFunc(a.Packages, func(p anatomy.Package) bool { return p.Own }), "no package of the server's is named")
	r.saw("%s resident in %d parts, %d goroutines", size(a.RSS), len(a.Parts), a.Goroutines.Count)
	return nil
}

// hotspotsOf: the lines that are shown are the server's, most of them with their source and
// with the compiler's word.
func hotspotsOf(file string, r *result) error {
	var l lines
	if err := read(file, &l); err != nil {
		return err
	}
	explained := 0
	for _, h := range l.Rate {
		if !h.Own {
			continue
		}
		text := slices.IndexFunc(h.Source, func(s anatomy.SourceLine) bool { return s.Here })
		if text >= 0 && r.must(standsAt(h.Where, h.Source[text].Text), "%s has another text", h.Where.Place()) && len(h.Reasons) > 0 {
			explained++
		}
	}
	r.must(explained > 0, "the compiler's reason is given for none of %d lines", len(l.Rate))
	if len(l.Rate) > 0 {
		h := l.Rate[0]
		r.must(h.Own && h.Rate != nil && *h.Rate > 0, "what allocates most is %s", h.Where.Place())
		r.saw("most is allocated at %s; reasons for %d lines", h.Where.Place(), explained)
	}
	return nil
}

// standsAt reports whether that is the text of the line.
func standsAt(at highwater.Frame, text string) bool {
	data, err := os.ReadFile(at.File)
	all := strings.Split(string(data), "\n")
	return err == nil && at.Line > 0 && at.Line <= len(all) && all[at.Line-1] == text
}

// adviceOf: each piece of advice has its evidence, and saves no more than there is.
func adviceOf(file string, r *result) error {
	var d advise.Document
	if err := read(file, &d); err != nil {
		return err
	}
	if len(d.Subjects) != 1 {
		return fmt.Errorf("there are %d subjects", len(d.Subjects))
	}
	s := d.Subjects[0]
	for _, a := range s.Advice {
		r.must(len(a.Evidence) > 0 && a.How != "" && a.Found != "", "without evidence: %s", a.Title)
		r.must(a.Weight <= 1 && a.SavedCPU < 1, "it saves more than there is: %s", a.Title)
		r.must(a.Known || a.Severity == advise.Minor, "%s, and the saving is not known: %s", a.Severity, a.Title)
		if text := slices.IndexFunc(a.Source, func(l advise.SourceLine) bool { return l.Here }); text >= 0 {
			r.must(standsAt(a.Lines[0], a.Source[text].Text), "another text: %s", a.Title)
		}
	}
	if heavy := s.Heavy(); len(heavy) > 0 {
		r.saw("%d above minor, first: %s", len(heavy), heavy[0].Title)
	} else {
		r.saw("nothing above minor")
	}
	return nil
}

func resultIn(file string) (*highwater.SoakResult, report.Document, error) {
	var d report.Document
	if err := read(file, &d); err != nil {
		return nil, d, err
	}
	if d.Report == nil || len(d.Report.Rows) != 1 || d.Report.Rows[0].Soak == nil {
		return nil, d, errors.New("its report holds no soak")
	}
	return d.Report.Rows[0].Soak, d, nil
}

// flat: nothing is suspected.
func flat(file string, r *result) error {
	s, _, err := resultIn(file)
	if err != nil {
		return err
	}
	r.must(len(s.Suspects) == 0, "%d are suspected", len(s.Suspects))
	r.saw("%s, %d checkpoints", s.Course, s.Checkpoints)
	return nil
}

// leaking: it is laid to what the server does for a subscription, and the path from the
// server to what it keeps is told.
func (t *trial) leaking(file string, r *result) error {
	s, d, err := resultIn(file)
	if err != nil {
		return err
	}
	t.ran = d.Report.RunFile
	subscribes := func(f highwater.Frame) bool {
		return strings.HasPrefix(f.Func, module) && (strings.Contains(f.Func, "parseSub") || strings.Contains(f.Func, "processSub") || strings.Contains(f.Func, "(*Sublist)"))
	}
	var laid *highwater.Suspect
	for i, one := range s.Suspects {
		if one.Site == nil || one.Kind != "site" {
			r.wrongly("%s are suspected: %s", one.Kind, one.Name)
			continue
		}
		r.must(slices.ContainsFunc(one.Site.Stack, subscribes), "it is laid to %s", one.Site.Where.Place())
		if laid == nil {
			laid = &s.Suspects[i]
		}
	}
	if !r.must(laid != nil, "no line is named") {
		return nil
	}
	r.saw("%s an hour, first %s", size(int64(s.PerHour.Center)), laid.Site.Where.Place())
	if d.Run == nil || len(d.Run.Measurements) != 1 || d.Run.Measurements[0].Soak == nil || d.Run.Measurements[0].Soak.Held == nil {
		return errors.New("nothing is said of who holds what grows")
	}
	held := d.Run.Measurements[0].Soak.Held
	if r.must(len(held.Holders) > 0 && held.Holders[0].Root != "", "nobody is named who holds it: %s", held.Reason) {
		r.saw("held by %s", held.Holders[0])
	}
	return nil
}

// refused: a profile is of one moment, and nothing is written of it.
func refused(file string, r *result) error {
	_, err := os.Stat(file)
	if r.must(errors.Is(err, fs.ErrNotExist), "something was written") {
		r.saw("a profile is of one moment")
	}
	return nil
}

func size(b int64) string { return highwater.FormatBytes(float64(b)) }
