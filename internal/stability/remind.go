package stability

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// Remind says in reports that were judged by these entries what is to know of them: which
// ends soon, which has ended or is for nothing here. [Judge] does so of its own report
// unless the policy's Part says that it is one of several: an entry may be for another
// one, and then it is for something. Rows that are of no soak are looked at, and left
// alone; where there are any, it is their judge that tells of entries which are for no
// scenario at all.
func Remind(known []Known, now time.Time, reports ...*highwater.Report) {
	if now.IsZero() || len(reports) == 0 {
		return
	}
	var strangers []string
	for _, k := range known {
		used, there := k.used(reports)
		for _, r := range reports {
			for i := range r.Rows {
				k.remind(&r.Rows[i], used, now)
			}
		}
		if !used && k.Matches != nil && !there {
			strangers = append(strangers, k.Where)
		}
	}
	if len(strangers) > 0 && onlySoaks(reports) {
		r := reports[0]
		r.Notes = append(r.Notes, "no scenario of this run is one that a known leak or regression is for: "+strings.Join(strangers, ", "))
	}
}

func onlySoaks(reports []*highwater.Report) bool {
	soaks := 0
	for _, r := range reports {
		for i := range r.Rows {
			if r.Rows[i].Soak == nil {
				return false
			}
			soaks++
		}
	}
	return soaks > 0
}

// used reports whether the entry is for something in the reports, and whether a scenario
// of theirs is one of its own.
func (k Known) used(reports []*highwater.Report) (used, there bool) {
	is := func(f highwater.Finding) bool {
		return (f.Verdict == highwater.VerdictFail || f.Known != "") && k.about(f.Scenario, f.Metric, f.Fingerprint)
	}
	for _, r := range reports {
		used = used || slices.ContainsFunc(r.Findings, is)
		for i := range r.Rows {
			row := &r.Rows[i]
			id := row.Scenario.ID()
			there = there || k.matches(id)
			used = used || slices.ContainsFunc(row.Findings, is)
			if row.Soak == nil || row.Verdict != highwater.VerdictFail {
				continue
			}
			// A leak of several sites is one finding, of the first of them.
			for _, s := range row.Soak.Suspects {
				used = used || s.Kind == kindSite && k.about(id, highwater.Growth, s.Fingerprint)
			}
		}
	}
	return used, there
}

// remind says in the row that an entry ends soon, or that nothing needs it.
func (k Known) remind(row *highwater.Row, used bool, now time.Time) {
	left := k.over().Sub(now)
	switch {
	case row.Soak == nil || !k.matches(row.Scenario.ID()):
	case used && left > 0 && left <= expiresSoon:
		row.Notes = append(row.Notes, fmt.Sprintf("the known leak%s ends on %s, and fails from then on: %s", k.place(), k.until(), k.Reason))
	case !used && well(row):
		row.Notes = append(row.Notes, fmt.Sprintf("nothing fails that the known leak%s is for; if it is fixed, take it out: %s", k.place(), k.Reason))
	}
}

// well reports whether the row was judged, so that the lack of a failure means something.
func well(row *highwater.Row) bool {
	return row.Verdict != highwater.VerdictError && row.Verdict != highwater.VerdictInconclusive &&
		row.Verdict != highwater.VerdictMissing
}
