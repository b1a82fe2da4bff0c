package trend

import (
	"fmt"
	"math"
	"strconv"

	"github.com/highwater-dev/highwater"
)

// verdict sums a trend up. What is known comes before what is not: a step that was found
// in a noisy series is a step.
func verdict(t highwater.Trend, o Options) (highwater.TrendVerdict, string) {
	if t.Points < leastPoints {
		return highwater.TrendShort, fmt.Sprintf("%s, and it takes %d to say anything", results(t.Points), leastPoints)
	}
	if n := len(t.Changes); n > 0 {
		c := t.Changes[n-1]
		if o.large(c.Before, c.After, 1) {
			since := t.Points - c.Index
			reason := fmt.Sprintf("it stepped by %s on %s, and has been there for %s", Percent(c.Change), c.At.Format("2006-01-02"), results(since))
			if c.Worse {
				return highwater.TrendWorse, reason
			}
			return highwater.TrendBetter, reason
		}
	}
	if d := t.Drift; d != nil {
		direction := "better"
		if d.Worse {
			direction = "worse"
		}
		return highwater.TrendDrifting, fmt.Sprintf("it gets %s by %s a week", direction, Percent(ratio(t.Level, t.Level+7*d.PerDay)))
	}
	// A floor makes a step of the threshold larger than that, where the level is small.
	wanted := math.Max(o.Threshold.Relative, o.Threshold.Floor/math.Max(math.Abs(t.Level), 1e-300))
	if t.Detectable > wanted {
		return highwater.TrendNoisy, fmt.Sprintf("with the results there are, a step of less than %s would not be told from noise; %s is what matters",
			Percent(t.Detectable)[1:], Percent(wanted)[1:])
	}
	reason := "nothing has changed by more than a quarter of the threshold"
	if len(t.Changes) > 0 {
		reason = "its newest step is within the threshold"
	}
	if n := len(t.Anomalies); n > 0 && t.Anomalies[n-1].Index == t.Points-1 {
		reason += "; the newest result is outside of the band: a second one like it makes a step"
	}
	return highwater.TrendSteady, reason
}

func results(n int) string {
	if n == 1 {
		return "1 result"
	}
	return strconv.Itoa(n) + " results"
}

// Percent is a ratio as people read it, with its sign.
func Percent(r float64) string {
	p := 100 * r
	switch a := math.Abs(p); {
	case a >= 99.95:
		return fmt.Sprintf("%+.0f %%", p)
	case a >= 0.1 || a == 0:
		return fmt.Sprintf("%+.1f %%", p)
	default:
		return fmt.Sprintf("%+.2g %%", p)
	}
}
