package stability

import (
	"time"

	"github.com/highwater-dev/highwater"
)

// The names of the checks, as findings carry them.
const (
	CheckOutcome    = "outcome"
	CheckLeak       = "leak"
	CheckGrowth     = "growth"
	CheckGoroutines = "goroutines"
	CheckFDs        = "fds"
	CheckThreads    = "threads"
	CheckChildren   = "children"
	CheckOffHeap    = "off_heap"
	CheckResident   = "resident"
	CheckSlowDown   = "slow-down"
	CheckLeftovers  = "leftovers"
	CheckKnown      = "known"
)

// How much live memory may grow, in percent an hour, and how much slower it may get,
// a ratio, where nobody says otherwise.
const (
	StandardGrowth = 10.0
	StrictGrowth   = 5.0
	StandardSlow   = 0.25
)

// Policy says what a soak is held to.
type Policy struct {
	// GrowthPercent is by how many percent an hour live memory may grow, 0 for no limit.
	// Growth, if it is set, says so of each scenario.
	GrowthPercent float64
	Growth        func(highwater.ScenarioInfo) float64
	// MaxGrowth is how many bytes it may grow over the soak after the warm-up, 0 for
	// no limit.
	MaxGrowth int64
	// Limit is the memory in bytes for which the time until it is full is told; 0: none.
	Limit int64
	// Limits are the limits of a scenario, of which that on sustained memory holds for
	// what a session keeps at the end. Nil: none.
	Limits func(highwater.ScenarioInfo) []highwater.Limit
	// DurationFlag is what sets how long a soak takes on the command line, for hints;
	// --duration if unset.
	DurationFlag string
	// SlowDown is by how much throughput or latency may get worse over the soak, a
	// ratio; 0 for [StandardSlow], below zero for no limit.
	SlowDown float64

	// Known are the leaks that are accepted for a time, and Now is when the soak is
	// judged: with it they end.
	Known []Known
	Now   time.Time

	// Part says that the run is one of several that are reported on together: [Remind]
	// then says of all what is to know of Known.
	Part bool

	// Notes are put into the report: what the caller knows besides.
	Notes []string

	// AllowInconclusive takes that verdict out of the exit status.
	AllowInconclusive bool
}

func (p Policy) percent(info highwater.ScenarioInfo) float64 {
	if p.Growth != nil {
		return p.Growth(info)
	}
	return p.GrowthPercent
}

func (p Policy) slow() float64 {
	if p.SlowDown == 0 {
		return StandardSlow
	}
	return p.SlowDown
}

// exit is the exit status of the findings: 1 for a failure, else 2 for what could
// not be measured or judged.
func (p Policy) exit(findings []highwater.Finding) int {
	status := highwater.ExitOK
	for _, f := range findings {
		switch f.Verdict {
		case highwater.VerdictPass, highwater.VerdictNew, highwater.VerdictUnjudged,
			highwater.VerdictUnsupported, highwater.VerdictWarn:
		case highwater.VerdictFail, highwater.VerdictMissing:
			return highwater.ExitFail
		case highwater.VerdictInconclusive:
			if !p.AllowInconclusive {
				status = highwater.ExitError
			}
		default:
			status = highwater.ExitError
		}
	}
	return status
}
