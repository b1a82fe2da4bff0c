package gate

import (
	"time"

	"github.com/highwater-dev/highwater"
)

// The names of the checks, as findings carry them.
const (
	CheckOutcome  = "outcome"
	CheckPresence = "presence"
	CheckLimit    = "limit"
	CheckBaseline = "baseline"
	CheckLeak     = "leak"
)

// Policy says what a run is held to. The zero Policy holds it to the standard
// limits and the metrics' own thresholds.
type Policy struct {
	// Strict takes the strict limits for the standard ones. It has no effect
	// where Limits is set.
	Strict bool

	// Limits are those of a scenario. Nil means the standard ones with the
	// scenario's own over them, metric by metric.
	Limits func(highwater.ScenarioInfo) []highwater.Limit

	// Thresholds is how much worse than the baseline a metric of a scenario may
	// become. Nil means the metric's own default.
	Thresholds func(id, metric string) highwater.Threshold

	// FailOn critical lets failures of severity warning pass in the exit status.
	// They remain failures in the report.
	FailOn highwater.Severity

	// AllowInconclusive and AllowMissing take those verdicts out of the exit
	// status, and AllowMismatch compares in spite of different conditions.
	AllowInconclusive, AllowMissing, AllowMismatch bool

	// Selected says whether a scenario was asked for at all: what the baseline
	// has besides is not missing. Nil means that all were.
	Selected func(id string) bool

	// Interleaved says that the baseline is another revision, measured in turn with
	// the run: it gets as many repeats as the run, and nobody can save it again.
	Interleaved bool

	// Budget is how many processes of a pass each side may have in all, where it is
	// known: what would take more than that is given up early; see [NeedsBoth].
	Budget int

	// Known are the regressions that are accepted for a time, and Now is when the
	// run is judged: with it they end.
	Known []Known
	Now   time.Time

	// Part says that the run is one of several that are reported on together: [Remind]
	// then says of all what is to know of Known.
	Part bool

	// Checks are run after the built-in ones.
	Checks []highwater.Check

	// Notes are put into the report: what the caller knows besides.
	Notes []string

	// Dir is the directory of the Run file, to which the names of profiles are
	// relative.
	Dir string
}

func (p Policy) limits(info highwater.ScenarioInfo) []highwater.Limit {
	if p.Limits != nil {
		return p.Limits(info)
	}
	return highwater.MergeLimits(info.BaseLimits(p.Strict), info.Limits)
}

func (p Policy) threshold(id string, m highwater.Metric) highwater.Threshold {
	if p.Thresholds != nil {
		return p.Thresholds(id, m.Name)
	}
	return m.Relative
}

func (p Policy) selected(id string) bool { return p.Selected == nil || p.Selected(id) }

// exit is the exit status of the findings: 1 for a failure, else 2 for what could
// not be measured or judged.
func (p Policy) exit(findings []highwater.Finding) int {
	status := highwater.ExitOK
	for _, f := range findings {
		switch f.Verdict {
		case highwater.VerdictPass, highwater.VerdictNew, highwater.VerdictUnjudged,
			highwater.VerdictUnsupported, highwater.VerdictWarn:
		case highwater.VerdictFail:
			if p.FailOn != highwater.SeverityCritical || f.Severity != highwater.SeverityWarning {
				return highwater.ExitFail
			}
		case highwater.VerdictMissing:
			if !p.AllowMissing {
				return highwater.ExitFail
			}
		case highwater.VerdictInconclusive:
			if !p.AllowInconclusive {
				status = highwater.ExitError
			}
		default: // an error, or a verdict that only a third party knows
			status = highwater.ExitError
		}
	}
	return status
}
