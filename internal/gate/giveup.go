package gate

import (
	"fmt"
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// failedForCertain reports whether some finding fails the gate, and no repeat is going
// to change that.
func failedForCertain(rows []highwater.Row, p Policy) bool {
	return slices.ContainsFunc(rows, func(row highwater.Row) bool {
		return slices.ContainsFunc(row.Findings, func(f highwater.Finding) bool {
			return certain(f) && p.exit([]highwater.Finding{f}) == highwater.ExitFail
		})
	})
}

// givesUp says why no more repeats are spent on an inconclusive finding of two sides
// that are measured in turn, "" where they are. Each has had what confirms a failure
// by then. The finding stays inconclusive: nothing passes that would not have.
//
// A benchmark with randomness in it can be measured as often as the budget lets it and
// remain open. That is worth its time only while it may decide something.
func (p Policy) givesUp(m highwater.Metric, f highwater.Finding, failed bool) string {
	switch {
	case !p.Interleaved || f.Verdict != highwater.VerdictInconclusive || f.Observed == nil || f.Observed.N < confirmRepeats:
		return ""
	case failed:
		return "no more were spent on it, since the gate has failed for another reason"
	case p.AllowInconclusive:
		return "" // it would pass then, and more repeats might have failed it
	case p.Budget > 0 && f.Observed.N < p.Budget && f.Check == CheckBaseline && f.Reference != nil && f.Threshold != nil && p.outOfReach(m, f):
		return fmt.Sprintf("no more were spent on it: %d would hardly settle it (--max-repeats)", p.Budget)
	}
	return ""
}

// outOfReach reports whether the budget would not settle a comparison even where the
// change were farther from its threshold than it seems, by its standard error, and on
// the side on which the less is asked for.
func (p Policy) outOfReach(m highwater.Metric, f highwater.Finding) bool {
	c := worse(m, *f.Observed, *f.Reference)
	distance := c.Difference - f.Threshold.Allowance(f.Reference.Center)
	n, ok := stat.RepeatsBoth(c.SD, PriorDF, math.Abs(distance)+c.SE, missRate)
	return !ok || n > p.Budget
}

// tellGivenUp adds to the hints of what is given up that it is.
func (p Policy) tellGivenUp(rows []highwater.Row) {
	if !p.Interleaved {
		return
	}
	failed := failedForCertain(rows, p)
	for _, row := range rows {
		for i := range row.Findings {
			f := &row.Findings[i]
			m, ok := highwater.MetricByName(f.Metric)
			if !ok {
				continue
			}
			if why := p.givesUp(m.For(row.Scenario), *f, failed); why != "" {
				f.Hint += "; " + why
			}
		}
	}
}
