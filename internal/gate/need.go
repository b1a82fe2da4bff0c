package gate

import (
	"fmt"
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// Need is how many more processes of a pass a scenario wants.
type Need struct {
	Scenario string
	Pass     highwater.Pass
	Samples  int // more than there are, at least 1; an estimate
}

// mostRepeats is the largest number of repeats that is ever asked for.
const mostRepeats = 100

// confirmRepeats are the processes that a failure against a baseline is to rest on. Of
// fewer, a single one that the machine disturbed cannot be told from the others.
const confirmRepeats = 4

// Needs tells which scenarios want more repeats of which pass, so that
// inconclusive findings may be settled and failures confirmed, in the order of the
// report. Findings that no number of repeats here would settle are left out, and so are
// failures of what exact processes tell, which nothing disturbs.
func Needs(r *highwater.Report) []Need { return needs(r, Policy{}) }

// NeedsBoth is [Needs] where the baseline gets as many repeats more as the run; see
// Interleaved in [Policy], which is that of the report. So few processes of either side
// say little of how much even exact ones differ, and every failure is confirmed. A
// scenario that has then failed wants nothing more: its verdict cannot change. An
// inconclusive finding that policy gives up wants nothing more either, and stays what
// it is.
func NeedsBoth(r *highwater.Report, policy Policy) []Need {
	policy.Interleaved = true
	return needs(r, policy)
}

func needs(r *highwater.Report, policy Policy) []Need {
	interleaved := policy.Interleaved
	family := 0
	for _, row := range r.Rows {
		for _, f := range row.Findings {
			if m, ok := highwater.MetricByName(f.Metric); ok && f.Check == CheckBaseline && f.Threshold != nil && !counted(m) {
				family++
			}
		}
	}
	failed := interleaved && failedForCertain(r.Rows, policy)
	var list []Need
	for _, row := range r.Rows {
		if interleaved && slices.ContainsFunc(row.Findings, certain) {
			continue
		}
		more := map[highwater.Pass]int{}
		for _, f := range row.Findings {
			m, ok := highwater.MetricByName(f.Metric)
			m = m.For(row.Scenario)
			if !ok || f.Observed == nil {
				continue
			}
			switch {
			case f.Check == CheckBaseline && r.Baseline != nil && r.Baseline.History && !counted(m):
				// However many repeats there are, it is one run among others.
			case f.Verdict == highwater.VerdictInconclusive:
				n := settle(m, f, family, interleaved)
				if failed {
					n = min(n, confirmRepeats)
				}
				if n > 0 && policy.givesUp(m, f, failed) == "" {
					more[m.Pass] = max(more[m.Pass], n-f.Observed.N, 1)
				}
			case f.Verdict == highwater.VerdictFail && !certain(f) && (interleaved || m.Pass != highwater.PassExact):
				more[m.Pass] = max(more[m.Pass], confirmRepeats-f.Observed.N)
			}
		}
		for _, pass := range highwater.Passes() {
			if more[pass] > 0 {
				list = append(list, Need{row.Scenario.ID(), pass, more[pass]})
			}
		}
	}
	return list
}

// certain reports a failure that more repeats are not going to change.
func certain(f highwater.Finding) bool {
	if f.Verdict != highwater.VerdictFail {
		return false
	}
	m, ok := highwater.MetricByName(f.Metric)
	return f.Check != CheckBaseline || ok && counted(m) || f.Observed != nil && f.Observed.N >= confirmRepeats
}

// settle estimates the repeats, all in all, that would settle an inconclusive
// finding; 0 where none would.
func settle(m highwater.Metric, f highwater.Finding, family int, interleaved bool) int {
	switch {
	case f.Check == CheckLimit && f.Limit != nil:
		return settleLimit(m, *f.Limit, *f.Observed)
	case f.Check == CheckBaseline && f.Reference != nil && f.Threshold != nil:
		return settleChange(m, f, family, interleaved)
	default:
		return 0
	}
}

func settleLimit(m highwater.Metric, l highwater.Limit, s highwater.Summary) int {
	sd := prior(m, s.Center).Spread(s.Samples)
	n, ok := stat.Repeats(sd, PriorDF, stat.Mean(s.Samples)-l.Bound, (1-intervalLevel)/2, 0)
	if !ok {
		// On the bound, as far as can be seen. More repeats may move it off.
		return mostRepeats
	}
	return min(n, mostRepeats)
}

// settleChange is for a comparison with a baseline. The repeats of a stored one are
// given: where they leave more doubt than the distance to the threshold, nothing
// that is measured here settles it.
func settleChange(m highwater.Metric, f highwater.Finding, family int, interleaved bool) int {
	c := worse(m, *f.Observed, *f.Reference)
	distance := c.Difference - f.Threshold.Allowance(f.Reference.Center)
	alpha := missRate
	if distance > 0 { // it takes more certainty to fail than to pass
		alpha = alarmRate / float64(max(family, 1))
	}
	// The distance is an estimate too, and may be larger by its standard error.
	for _, d := range []float64{math.Abs(distance), math.Abs(distance) + c.SE} {
		n, ok := stat.Repeats(c.SD, PriorDF, d, alpha, f.Reference.N)
		if interleaved {
			n, ok = stat.RepeatsBoth(c.SD, PriorDF, d, alpha)
		}
		if ok && n <= mostRepeats {
			return n
		}
	}
	return 0
}

// settleHint says what to do about an inconclusive finding.
func settleHint(n, have int, interleaved bool) string {
	switch {
	case n == 0 && interleaved:
		return fmt.Sprintf("it is too close to call (%d repeats of each side were made): more may help (--max-repeats), or a threshold that is not so close", have)
	case n == 0:
		return "no number of repeats here would settle it: save the baseline again with more repeats (--repeats), or widen the threshold"
	case n >= mostRepeats:
		return fmt.Sprintf("it is too close to call; more repeats may help (%d were made), or a bound that is not so close", have)
	default:
		return fmt.Sprintf("about %d repeats would settle it (%d were made): --repeats %d", max(n, have+1), have, max(n, have+1))
	}
}
