package gate

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
// one, and then it is for something. A report of soaks among them is looked at, and its
// rows are left alone.
func Remind(known []Known, now time.Time, reports ...*highwater.Report) {
	if now.IsZero() || len(reports) == 0 {
		return
	}
	var strangers, unseen []string
	for _, k := range known {
		used, there := k.used(reports)
		for _, r := range reports {
			for i := range r.Rows {
				k.remind(&r.Rows[i], used, now)
			}
		}
		switch past := !now.Before(k.over()); {
		case used:
		case past:
			tell(reports[0], "the known regression%s ended on %s, and nothing here needs it: take it out", k.place(), k.until())
		case k.Matches != nil && !there:
			strangers = append(strangers, k.Where)
		case k.Fingerprint != "":
			unseen = append(unseen, k.Where)
		}
	}
	// Of a part of the scenarios this is so, too: it is one line, and no more.
	if !slices.ContainsFunc(reports, func(r *highwater.Report) bool { return len(r.Rows) > 0 }) {
		return
	}
	if len(strangers) > 0 {
		tell(reports[0], "no scenario of this run is one that a known regression is for: %s", strings.Join(strangers, ", "))
	}
	if len(unseen) > 0 {
		tell(reports[0], "nothing that fails here is at the site that a known regression is for: %s", strings.Join(unseen, ", "))
	}
}

func tell(r *highwater.Report, format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// used reports whether the entry is for a finding of the reports, and whether a scenario
// of theirs is one of its own.
func (k Known) used(reports []*highwater.Report) (used, there bool) {
	is := func(f highwater.Finding) bool { return k.about(f) || f.Known != "" && k.names(f) }
	for _, r := range reports {
		used = used || slices.ContainsFunc(r.Findings, is)
		for i := range r.Rows {
			there = there || k.matches(r.Rows[i].Scenario.ID())
			used = used || slices.ContainsFunc(r.Rows[i].Findings, is)
		}
	}
	return used, there
}

// remind says of an entry that it ends soon, or that nothing needs it.
func (k Known) remind(row *highwater.Row, used bool, now time.Time) {
	left := k.over().Sub(now)
	switch {
	case row.Soak != nil || !k.matches(row.Scenario.ID()):
	case used && left > 0 && left <= expiresSoon:
		row.Notes = append(row.Notes, fmt.Sprintf("the known regression%s ends on %s, and fails from then on: %s", k.place(), k.until(), k.Reason))
	case !used && k.Fingerprint == "" && k.well(row):
		row.Notes = append(row.Notes, fmt.Sprintf("nothing fails that the known regression%s is for; if it is fixed, take it out: %s", k.place(), k.Reason))
	}
}

// well reports whether everything that the entry could be about was measured and
// judged in the row, so that the lack of a failure means something.
func (k Known) well(row *highwater.Row) bool {
	judged := false
	for _, f := range row.Findings {
		switch f.Verdict {
		case highwater.VerdictPass, highwater.VerdictWarn:
			judged = judged || len(k.Metrics) == 0 || slices.Contains(k.Metrics, f.Metric)
		case highwater.VerdictError, highwater.VerdictMissing, highwater.VerdictInconclusive:
			return false
		}
	}
	return judged
}
