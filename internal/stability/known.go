package stability

import (
	"fmt"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
)

// The statuses of suspects.
const (
	statusNew   = "new"
	statusKnown = "known"
)

// expiresSoon is how long before its end a known leak is told to be ending.
const expiresSoon = 14 * 24 * time.Hour

// Known is a leak that is accepted for a time: what it matches and fails is a warning
// until then.
type Known struct {
	// Matches tells the scenarios, by ID. Nil matches all.
	Matches func(id string) bool
	// Metrics are those of the findings, all where it is empty.
	Metrics []string
	// Fingerprint is of the suspect, "" for any.
	Fingerprint string

	Reason string
	Where  string    // where it is written: highwater.yml:12
	Until  time.Time // the last day on which it holds, in UTC
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

// about reports whether the entry speaks of such a suspect or finding.
func (k Known) about(id, metric, fingerprint string) bool {
	return k.matches(id) && (len(k.Metrics) == 0 || slices.Contains(k.Metrics, metric)) &&
		(k.Fingerprint == "" || k.Fingerprint == fingerprint)
}

// accepted says why a suspect or finding is accepted, or, where it was and is not any
// more, what to add to the reason of the failure.
func (j *judge) accepted(id, metric, fingerprint string) (known, past string) {
	if j.policy.Now.IsZero() {
		return "", ""
	}
	for _, k := range j.policy.Known {
		if !k.about(id, metric, fingerprint) {
			continue
		}
		if j.policy.Now.Before(k.over()) {
			return fmt.Sprintf("known until %s: %s%s", k.until(), k.Reason, k.place()), ""
		}
		past = fmt.Sprintf("; it was known until %s, which is past%s: %s", k.until(), k.place(), k.Reason)
	}
	return "", past
}

// excuse makes a warning of a failure that is accepted.
func (j *judge) excuse(f *highwater.Finding) {
	if f.Verdict != highwater.VerdictFail {
		return
	}
	known, past := j.accepted(f.Scenario, f.Metric, f.Fingerprint)
	f.Reason += past
	if known != "" {
		f.Verdict, f.Severity, f.Known = highwater.VerdictWarn, "", known
	}
}
