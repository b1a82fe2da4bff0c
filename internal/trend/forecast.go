package trend

import (
	"math"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// line is what a stretch is expected to go on as: a level, or a line when it drifts.
type line struct {
	at0, slope float64 // the slope a day
	mean, sxx  float64 // of the points' days
	n          float64
	sd, df     float64
	inflate    float64
}

// lineOf fits the last stretch. Its spread is that of its points, strays moved inwards,
// moderated by what is expected of the metric; a fitted line takes one number more.
func lineOf(points []highwater.Point, d *highwater.Drift, n noise) line {
	xs, ys := days(points), centers(points)
	l := line{n: float64(len(ys)), inflate: n.inflate, mean: stat.Mean(xs)}
	for _, x := range xs {
		l.sxx += (x - l.mean) * (x - l.mean)
	}
	if d != nil {
		l.slope = d.PerDay
	}
	rests := make([]float64, len(ys))
	for i := range ys {
		rests[i] = ys[i] - l.slope*xs[i]
	}
	tame := stat.Winsorise(rests, 3, n.prior)
	l.at0 = stat.Mean(tame)
	lost := 1.0
	if d != nil {
		lost = 2
	}
	var squares float64
	for _, r := range tame {
		squares += (r - l.at0) * (r - l.at0)
	}
	// What is expected counts where there is little to see, and for no more than a point
	// or two: an interval for what comes next is about what came.
	prior := priorDF / math.Max(1, l.n/float64(leastPoints))
	own := math.Max(0, l.n-lost)
	l.df = math.Max(1, own/l.inflate) + prior
	l.sd = math.Sqrt((prior*n.prior*n.prior + squares) / (prior + math.Max(own, 1e-9)))
	return l
}

// next is the prediction interval of a single result at a day: the textbook's for a mean
// or a regression line, its number of points the effective one.
func (l line) next(x, level float64) (value, low, high float64) {
	value = l.at0 + l.slope*x
	variance := 1 + l.inflate/l.n
	if l.slope != 0 && l.sxx > 0 {
		variance += l.inflate * (x - l.mean) * (x - l.mean) / l.sxx
	}
	half := stat.StudentQuantile(1-(1-level)/2, l.df) * l.sd * math.Sqrt(variance)
	return value, value - half, value + half
}

// forecast is where the last stretch goes.
func forecast(points []highwater.Point, l line, o Options) *highwater.Forecast {
	first, last := points[0].At, points[len(points)-1].At
	step := interval(points)
	at := last.Add(step)
	f := &highwater.Forecast{At: at, Limit: o.Limit, Horizon: last.Add(o.Horizon)}
	f.Value, f.Low, f.High = l.next(at.Sub(first).Hours()/24, 0.95)
	if o.Limit == nil {
		return f
	}
	over := func(v float64) bool {
		if o.HigherIsBetter {
			return v <= *o.Limit
		}
		return v >= *o.Limit
	}
	// The end of the interval that is nearer to the limit, and the one that is not.
	near, far := func(x float64) float64 { _, _, h := l.next(x, 0.95); return h }, func(x float64) float64 { _, lo, _ := l.next(x, 0.95); return lo }
	if o.HigherIsBetter {
		near, far = far, near
	}
	centre := func(x float64) float64 { return l.at0 + l.slope*x }
	day0, dayN := at.Sub(first).Hours()/24, f.Horizon.Sub(first).Hours()/24
	when := func(of func(float64) float64) *time.Time {
		x, ok := crossing(func(x float64) bool { return over(of(x)) }, day0, dayN)
		if !ok {
			return nil
		}
		t := first.Add(time.Duration(x * float64(day)))
		return &t
	}
	f.Earliest, f.Crosses, f.Latest = when(near), when(centre), when(far)
	return f
}

// interval is the usual time between two results, a day where that is not known.
func interval(points []highwater.Point) time.Duration {
	var gaps []float64
	for i := 1; i < len(points); i++ {
		gaps = append(gaps, float64(points[i].At.Sub(points[i-1].At)))
	}
	if len(gaps) == 0 {
		return day
	}
	if gap := time.Duration(stat.Median(gaps)); gap > 0 {
		return gap
	}
	return day
}

// crossing is the first x from a to b at which something holds, looked for in steps and
// then by halves: an interval's end may come nearer before it goes away.
func crossing(holds func(float64) bool, a, b float64) (float64, bool) {
	const steps = 200
	before := a
	for i := range steps + 1 {
		x := a + (b-a)*float64(i)/steps
		if !holds(x) {
			before = x
			continue
		}
		for range 40 {
			if mid := (before + x) / 2; holds(mid) {
				x = mid
			} else {
				before = mid
			}
		}
		return x, true
	}
	return 0, false
}
