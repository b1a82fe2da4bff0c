package gate

import (
	"fmt"
	"math"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

const (
	// alarmRate is the chance that a report fails anything wrongly, when every
	// true change is just as large as its threshold allows: it bounds Holm's
	// adjusted p-values. Where nothing changed the chance is far smaller, because
	// the threshold lies many standard errors away.
	alarmRate = 0.05
	// missRate is the chance that one comparison passes although the true change
	// is as large as the threshold allows.
	missRate = 0.05
)

// smallest is the least reference of which a ratio is made: no metric has a unit
// of which a millionth means anything.
const smallest = 1e-6

// comparison is one metric of one scenario against the baseline.
type comparison struct {
	row       *row
	metric    highwater.Metric
	threshold highwater.Threshold
	here, ref highwater.Summary

	// worse compares in the direction in which more is worse; allowed is how much
	// worse it may be.
	worse   stat.Comparison
	allowed float64
}

func newComparison(r *row, m highwater.Metric, t highwater.Threshold, here, ref highwater.Summary) *comparison {
	c := &comparison{row: r, metric: m, threshold: t, here: here, ref: ref, allowed: t.Allowance(ref.Center)}
	c.worse = worse(m, here, ref)
	if r.judge.base.History && !counted(m) {
		c.worse = worse(m, asOne(here), ref)
	}
	return c
}

// asOne is a run's centre as one value among those of other runs. Repeats of one run are
// more alike than runs are: taken for as many values they would make the standard error
// far too small, for all of what differs from run to run.
func asOne(s highwater.Summary) highwater.Summary {
	s.Samples, s.N = []float64{s.Center}, 1
	return s
}

func worse(m highwater.Metric, here, ref highwater.Summary) stat.Comparison {
	if counted(m) {
		return stat.Comparison{Difference: here.Center - ref.Center, DF: PriorDF}
	}
	known := prior(m, math.Max(math.Abs(here.Center), math.Abs(ref.Center)))
	c := known.Compare(undisturbed(m, ref.Samples, known.SD), undisturbed(m, here.Samples, known.SD))
	if m.HigherIsBetter {
		c.Difference = -c.Difference
	}
	return c
}

// strayWidth is how many standard deviations from the median a process may be before
// it counts as disturbed.
const strayWidth = 4

// undisturbed takes the weight from a process that the machine disturbed, where what a
// metric tells depends on when a process gets to run: the collector's share of one that
// was kept waiting can be anything, and a collection at another moment empties a pool,
// so that a buffer of a megabyte is allocated once more. What the exact pass tells
// stays as it is: a rare peak is a peak all the same.
func undisturbed(m highwater.Metric, values []float64, sd float64) []float64 {
	if m.Pass == highwater.PassExact {
		return values
	}
	return stat.Winsorise(values, strayWidth, sd)
}

// count judges a metric to which no statistics apply.
func (c *comparison) count() highwater.Finding {
	f := c.blank()
	f.Verdict, f.Reason = highwater.VerdictPass, c.levels()
	if c.worse.Difference > c.allowed {
		f.Verdict, f.Severity = highwater.VerdictFail, c.severity()
		f.Reason = c.words() + ", allowed " + c.signed(c.allowed)
	}
	return f
}

// blank is a finding with the figures of the comparison.
func (c *comparison) blank() highwater.Finding {
	f := highwater.Finding{
		Metric: c.metric.Name, Check: CheckBaseline,
		Observed: &c.here, Reference: &c.ref, Threshold: &c.threshold,
	}
	c.change(&f)
	return f
}

// finding judges the comparison by its p-value, adjusted for the family of all
// comparisons of the report.
func (c *comparison) finding(adjusted float64, family int) highwater.Finding {
	f := c.blank()
	difference := c.worse.Difference
	within := c.worse.PLess(c.allowed) < missRate
	certain := 1 - (1-intervalLevel)/2
	real, better := 1-c.worse.PMore(0) > certain, 1-c.worse.PLess(0) > certain
	switch {
	case adjusted <= alarmRate:
		f.Verdict, f.Severity = highwater.VerdictFail, c.severity()
		f.Reason = c.words() + ", allowed " + c.signed(c.allowed)
	case within && real && difference > c.allowed/2:
		f.Verdict = highwater.VerdictWarn
		f.Reason = c.words() + ": more than half of the " + c.signed(c.allowed) + " allowed"
	case within && better && -difference > c.allowed/2:
		f.Verdict = highwater.VerdictPass
		f.Reason = "improved: " + c.words()
	case within:
		f.Verdict, f.Reason = highwater.VerdictPass, c.levels()
	default:
		f.Verdict = highwater.VerdictInconclusive
		if !real {
			f.Label = highwater.LabelNoise
		}
		f.Reason = c.words() + ", which is not sure to be within nor over the " + c.signed(c.allowed) + " allowed"
		both := c.row.judge.policy.Interleaved
		if c.row.judge.base.History {
			f.Hint = "runs differ by that much from one to the next, and repeats of this one would not settle it: widen the threshold, or compare with a revision (--base)"
		} else {
			f.Hint = settleHint(settleChange(c.metric, f, family, both), c.here.N, both)
		}
	}
	return f
}

// change fills in the ratio of the medians less 1, with an interval that holds
// it. A reference of nothing has no ratio.
func (c *comparison) change(f *highwater.Finding) {
	size := math.Abs(c.ref.Center)
	if size < smallest {
		return
	}
	f.Change = (c.here.Center - c.ref.Center) / size
	i := c.worse.Interval(intervalLevel)
	if c.metric.HigherIsBetter {
		i.Low, i.High = -i.High, -i.Low
	}
	f.ChangeLow, f.ChangeHigh = math.Min(i.Low/size, f.Change), math.Max(i.High/size, f.Change)
}

func (c *comparison) severity() highwater.Severity {
	if c.worse.Difference > criticalRatio*math.Max(c.ref.Center, 0) ||
		c.row.wholeProcess(c.metric, c.worse.Difference) > criticalBytes {
		return highwater.SeverityCritical
	}
	return highwater.SeverityWarning
}

// words states the change, as in "+1.20 MB peak (+35 %) in terminal/scrollback".
func (c *comparison) words() string {
	return fmt.Sprintf("%s %s%s%s in %s", withSign(c.metric, c.here.Center-c.ref.Center), c.metric.Name, c.row.per(c.metric), c.ratio(), c.row.id)
}

// levels states both figures.
func (c *comparison) levels() string {
	return fmt.Sprintf("%s %s, was %s%s, allowed %s", c.metric.Name,
		c.metric.Format(c.here.Center), c.metric.Format(c.ref.Center), c.ratio(), c.signed(c.allowed))
}

func (c *comparison) ratio() string {
	if math.Abs(c.ref.Center) < smallest {
		return ""
	}
	return " (" + percentChange((c.here.Center-c.ref.Center)/math.Abs(c.ref.Center)) + ")"
}

// signed words a change for the worse.
func (c *comparison) signed(amount float64) string {
	if c.metric.HigherIsBetter {
		amount = -amount
	}
	return withSign(c.metric, amount)
}
