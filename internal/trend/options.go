package trend

import (
	"math"
	"time"

	"github.com/highwater-dev/highwater"
)

// Options say what matters in a series. The zero value of each has a default.
type Options struct {
	// Threshold is from which step on a series is worse or better: so large a ratio, and
	// no less than its floor in the metric's unit. 10 % by default.
	Threshold highwater.Threshold
	// HigherIsBetter is the metric's direction.
	HigherIsBetter bool
	// PriorCV and PriorAbs are what unchanged programs are expected to vary by; see
	// highwater.Metric.
	PriorCV, PriorAbs float64
	// Horizon is how far behind the last point a forecast looks for the limit. 90 days
	// by default.
	Horizon time.Duration
	// Limit is what is not to be crossed; nil takes that of the newest point that has one.
	Limit *float64
}

const (
	defaultRelative = 0.10
	defaultHorizon  = 90 * 24 * time.Hour

	// priorDF is how many degrees of freedom the expected noise is worth: what a new
	// series starts with, and what thirty points have long outweighed.
	priorDF = 4
	// leastPoints is how many it takes to say anything: two and two for a step, and one.
	leastPoints = 5
	// leastStretch is the shortest stretch: a single point is a stray, until a second
	// says the same.
	leastStretch = 2
	// excursion is up to which length a stretch between two of the same level is strays,
	// and not two changes.
	excursion = 3
	// small is the share of the threshold under which steps are not listed: they are real
	// and nobody wants to hear of them.
	small = 0.25
)

// For are the options that fit a series: those of its metric, at the number of sessions
// that it was measured with.
func For(key highwater.SeriesKey) Options {
	m, known := highwater.MetricByName(key.Metric)
	if !known {
		return Options{}
	}
	// Of a scenario's operations a series knows nothing. The floor of a process is over
	// so many that it does not count: the floor of the threshold is left.
	m = m.For(highwater.ScenarioInfo{Sessions: key.Sessions, Ops: math.MaxInt32})
	o := Options{
		Threshold: m.Relative, HigherIsBetter: m.HigherIsBetter, PriorCV: m.PriorCV, PriorAbs: m.PriorAbs,
	}
	if o.Threshold.IsZero() && !m.Exact {
		// It has no threshold that a baseline is judged by: what two runs of the same
		// program may easily differ by says nothing.
		o.Threshold = highwater.Threshold{Relative: defaultRelative, Floor: 3 * m.PriorAbs}
	}
	return o
}

func (o Options) withDefaults(points []highwater.Point) Options {
	if o.Threshold.Relative <= 0 {
		o.Threshold.Relative = defaultRelative
	}
	if o.Horizon <= 0 {
		o.Horizon = defaultHorizon
	}
	for i := len(points) - 1; i >= 0 && o.Limit == nil; i-- {
		o.Limit = points[i].Limit
	}
	return o
}

// large reports whether a step from one level to another passes a share of the threshold.
func (o Options) large(before, after, share float64) bool {
	return math.Abs(ratio(before, after)) >= share*o.Threshold.Relative &&
		math.Abs(after-before) >= share*o.Threshold.Floor
}

// worse reports whether more of something in this direction is worse.
func (o Options) worse(difference float64) bool {
	return difference != 0 && (difference > 0) != o.HigherIsBetter
}

// ratio is after over before less 1; from nothing it is all of what there is, up or down.
func ratio(before, after float64) float64 {
	switch {
	case before != 0:
		return (after - before) / math.Abs(before)
	case after > 0:
		return 1
	case after < 0:
		return -1
	default:
		return 0
	}
}
