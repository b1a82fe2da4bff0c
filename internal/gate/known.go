package gate

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
)

// expiresSoon is how long before its end a known regression is told to be ending.
const expiresSoon = 14 * 24 * time.Hour

// Known is a regression that is accepted for a time: what it matches and fails is a
// warning until then. It must have an end, since an exception without one is a
// limit that nobody has written down.
type Known struct {
	// Matches tells the scenarios, by ID. Nil matches all.
	Matches func(id string) bool
	// Metrics are those of the findings, all where it is empty.
	Metrics []string
	// Fingerprint is of the allocation site behind the finding, "" for any.
	Fingerprint string

	Reason string
	Where  string    // where it is written: highwater.yml:12
	Until  time.Time // the last day on which it holds, in UTC

	// Beyond says what a metric may come to at most, by its name, and Growth, where
	// it is more than 0, by how much it may be over its limit or its baseline, a
	// ratio. What is beyond fails all the same.
	Beyond map[string]float64
	Growth float64
}

// over is the first moment at which it does not hold any more.
func (k Known) over() time.Time { return k.Until.AddDate(0, 0, 1) }

func (k Known) until() string { return k.Until.Format(time.DateOnly) }

func (k Known) place() string {
	if k.Where == "" {
		return ""
	}
	return " (" + k.Where + ")"
}

func (k Known) matches(id string) bool { return k.Matches == nil || k.Matches(id) }

// about reports whether the finding is one that the entry speaks of. A run that
// could not be measured is never excused.
func (k Known) about(f highwater.Finding) bool {
	switch f.Verdict {
	case highwater.VerdictFail:
	case highwater.VerdictInconclusive:
		// It lies on one side or the other, and both are accepted.
		if f.Check != CheckLimit && f.Check != CheckBaseline {
			return false
		}
	default:
		return false
	}
	return k.names(f)
}

// names reports whether the entry is for findings like this, whatever it came to.
func (k Known) names(f highwater.Finding) bool {
	return k.matches(f.Scenario) && (len(k.Metrics) == 0 || slices.Contains(k.Metrics, f.Metric)) &&
		(k.Fingerprint == "" || k.Fingerprint == f.Fingerprint)
}

// bound is what the finding's metric may come to, and whether there is a bound.
func (k Known) bound(f highwater.Finding) (float64, bool) {
	if b, ok := k.Beyond[f.Metric]; ok {
		return b, true
	}
	if k.Growth <= 0 {
		return 0, false
	}
	reference := math.NaN()
	switch {
	case f.Check == CheckBaseline && f.Reference != nil:
		reference = f.Reference.Center
	case f.Limit != nil:
		reference = f.Limit.Bound
	}
	m, _ := highwater.MetricByName(f.Metric)
	if m.HigherIsBetter {
		return reference * (1 - k.Growth), true
	}
	return reference + k.Growth*math.Abs(reference), true
}

// within reports whether the finding is within the entry's bound. One without a
// figure is not.
func (k Known) within(f highwater.Finding) bool {
	b, bounded := k.bound(f)
	if !bounded {
		return true
	}
	if f.Observed == nil {
		return false
	}
	m, _ := highwater.MetricByName(f.Metric)
	figure := f.Observed.Center
	if counted(m) || f.Verdict == highwater.VerdictInconclusive {
		figure = f.Observed.High
		if m.HigherIsBetter {
			figure = f.Observed.Low
		}
	}
	if m.HigherIsBetter {
		return figure >= b
	}
	return figure <= b
}

// known turns the failures that are known into warnings.
func (j *judge) known() {
	if len(j.policy.Known) == 0 {
		return
	}
	if j.policy.Now.IsZero() {
		j.fault("known", "known regressions cannot be judged without the time, since they end", "this is a mistake of the program: its policy needs Now")
		return
	}
	judge := func(f *highwater.Finding) {
		var about []Known
		for _, k := range j.policy.Known {
			if k.about(*f) {
				about = append(about, k)
			}
		}
		j.excuse(f, about)
	}
	for i := range j.report.Findings {
		judge(&j.report.Findings[i])
	}
	for _, r := range j.rows {
		for i := range r.out.Findings {
			judge(&r.out.Findings[i])
		}
	}
}

// excuse makes a warning of a finding that entries are about, where one of them
// still holds, and says else why none does.
func (j *judge) excuse(f *highwater.Finding, about []Known) {
	var why string
	for _, k := range about {
		past, within := !j.policy.Now.Before(k.over()), k.within(*f)
		switch b, _ := k.bound(*f); {
		case !past && within:
			f.Verdict, f.Severity = highwater.VerdictWarn, ""
			f.Known = fmt.Sprintf("known until %s: %s%s", k.until(), k.Reason, k.place())
			return
		case past:
			why = fmt.Sprintf("; it was known until %s, which is past%s: %s", k.until(), k.place(), k.Reason)
		case !math.IsNaN(b):
			m, _ := highwater.MetricByName(f.Metric)
			why = fmt.Sprintf("; it is known up to %s only%s: %s", m.Format(b), k.place(), k.Reason)
		}
	}
	if f.Verdict == highwater.VerdictFail {
		f.Reason += why
	}
}
