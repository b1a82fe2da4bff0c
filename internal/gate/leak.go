package gate

import (
	"fmt"
	"math"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// What a leak is: live memory that grew at nearly every checkpoint of the steady
// phase, surely, and by more than a program's own tables do.
const (
	leakTau     = 0.9
	leakBytes   = 32 * float64(highwater.KB)
	leakPoints  = 8 // steady checkpoints of all repeats that it takes to tell
	leakRepeat  = 5 // steady checkpoints of one repeat for it to count
	suspectTau  = 0.7
	leakEnlarge = "give the scenario more operations, or call Steady earlier; a loop takes half of its checkpoints in the steady phase, and more repeats (--repeats) add to them"
)

// Leak returns the check that fails a scenario whose live memory keeps growing
// over the checkpoints of the exact pass's steady phase. It fails when all of
// three hold: the slope over operations is above zero with its whole interval,
// Kendall's tau is over 0.9, and the growth over the steady phase is at least
// 32 KB. Growth that is not as steady (tau over 0.7) is a warning when even the lower
// end of its interval is as large: what comes and goes with connections that are being
// closed grows for a while, too. Fewer than 8 steady checkpoints are inconclusive.
func Leak() highwater.Check {
	return leakCheck(func(highwater.ScenarioInfo) bool { return true })
}

// leakCheck is Leak for the scenarios that want it.
func leakCheck(wanted func(highwater.ScenarioInfo) bool) highwater.Check {
	return highwater.Check{
		Name: CheckLeak,
		Doc:  "live memory does not keep growing over the steady phase",
		Run: func(run, _ *highwater.Run) []highwater.Finding {
			var findings []highwater.Finding
			for _, info := range run.Scenarios {
				if !wanted(info) {
					continue
				}
				f := leak(newSide(run, info))
				f.Scenario, f.Check, f.Metric = info.ID(), CheckLeak, highwater.Growth
				findings = append(findings, f)
			}
			return findings
		},
	}
}

func leak(s *side) highwater.Finding {
	if why, omitted := s.info.Omit[highwater.PassExact]; omitted {
		return highwater.Finding{
			Verdict: highwater.VerdictUnjudged,
			Reason:  "leaks are not looked for, since the scenario omits the exact pass: " + why,
		}
	}
	if len(s.good[highwater.PassExact]) == 0 {
		return highwater.Finding{
			Verdict: highwater.VerdictError,
			Reason:  "leaks cannot be looked for: no process of the exact pass ended well",
			Hint:    "see the finding on its outcome",
		}
	}
	series, points := steady(s)
	if points < leakPoints {
		return highwater.Finding{
			Verdict: highwater.VerdictInconclusive,
			Reason:  fmt.Sprintf("leaks cannot be told from noise with %d steady checkpoints, it takes %d", points, leakPoints),
			Hint:    leakEnlarge,
		}
	}
	slope, tau := stat.Slope(intervalLevel, series...), stat.Tau(series...)
	if math.IsInf(slope.Low, 0) {
		return highwater.Finding{
			Verdict: highwater.VerdictInconclusive,
			Reason:  "leaks cannot be told from noise: the steady checkpoints are too few or too much alike", Hint: leakEnlarge,
		}
	}
	operations := span(series)
	grown := slope.Center * operations
	f := highwater.Finding{
		Verdict:  highwater.VerdictPass,
		Observed: &highwater.Summary{Metric: highwater.Growth, Center: slope.Center, Low: slope.Low, High: slope.High, N: points},
	}
	change := fmt.Sprintf("live memory changed by %s over %.0f operations of the steady phase (between %s and %s)",
		highwater.FormatBytes(grown), operations, highwater.FormatBytes(slope.Low*operations), highwater.FormatBytes(slope.High*operations))
	switch sure := slope.Low > 0 && grown >= leakBytes; {
	case sure && tau > leakTau:
		f.Verdict, f.Severity, f.Label = highwater.VerdictFail, highwater.SeverityWarning, highwater.LabelLive
		if grown > criticalRatio*series[0].Y[0] || grown > criticalBytes {
			f.Severity = highwater.SeverityCritical
		}
		f.Reason = "leak in " + s.info.ID() + ": " + change + ", rising from checkpoint to checkpoint"
	case tau > suspectTau && slope.Low*operations >= leakBytes:
		f.Verdict, f.Label = highwater.VerdictWarn, highwater.LabelLive
		f.Reason = change + ", though not at every checkpoint"
		f.Hint = "a longer run (more operations) tells a leak from a cache that fills"
	default:
		f.Reason = change + ": no leak"
		return f
	}
	if m := s.exact(); len(m.Sites) > 0 {
		if f.Evidence = top(levels(m.Sites), inBytes); len(f.Evidence) > 0 {
			f.Fingerprint = f.Evidence[0].Site.Fingerprint
			f.Reason += "; " + held(f.Evidence[0])
		}
	}
	return f
}

// steady collects live bytes over operations, a series for each repeat that has
// enough of them, and counts their points. Workloads without a loop have all
// their checkpoints at one operation; there the checkpoints themselves count.
func steady(s *side) (series []stat.Series, points int) {
	for _, m := range s.good[highwater.PassExact] {
		var one stat.Series
		for _, c := range m.Checkpoints {
			if c.Steady {
				one.X = append(one.X, float64(c.Op))
				one.Y = append(one.Y, float64(c.Live()))
			}
		}
		n := len(one.X)
		if n < leakRepeat {
			continue
		}
		if one.X[0] == one.X[n-1] {
			for i := range one.X {
				one.X[i] = float64(i)
			}
		}
		series = append(series, one)
		points += n
	}
	return series, points
}

// span is the longest stretch of operations that a series covers.
func span(series []stat.Series) float64 {
	var longest float64
	for _, s := range series {
		longest = math.Max(longest, s.X[len(s.X)-1]-s.X[0])
	}
	return longest
}
