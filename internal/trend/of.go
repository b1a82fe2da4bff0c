package trend

import (
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// Of is what a series does. Points that are no finite number are left out; indexes count
// those that are left.
func Of(series highwater.Series, o Options) highwater.Trend {
	points := finite(series.Points)
	t := highwater.Trend{Key: series.Key, Points: len(points)}
	if len(points) == 0 {
		t.Verdict, t.Reason = highwater.TrendShort, "there are no results"
		return t
	}
	o = o.withDefaults(points)
	t.First, t.Last = points[0].At, points[len(points)-1].At
	noise := noiseOf(points, o)
	g := newSegmenter(centers(points), noise, o)
	borders := []int{0, len(points)}
	if len(points) >= leastPoints {
		borders = g.cut()
	}
	var before stretch
	for i := 1; i < len(borders); i++ {
		s := g.stretch(borders[i-1], borders[i])
		if i > 1 {
			t.Changes = append(t.Changes, g.change(points, before, s))
		}
		t.Anomalies = append(t.Anomalies, g.anomalies(points, s)...)
		before = s
	}
	last := points[before.from:]
	// Of the noise in the last stretch all that is known is in it: a slope that was found
	// is taken out first, or it would count as noise.
	t.Drift = drift(last, noise, o)
	sd, half := g.spread(before)
	t.Level, t.Noise = before.level, sd
	l := lineOf(last, t.Drift, noise)
	now := before.level
	if t.Drift != nil {
		now, _, _ = l.next(last[len(last)-1].At.Sub(last[0].At).Hours()/24, 0.95)
	}
	t.BandLow, t.BandHigh = now-half, now+half
	if len(points) >= leastPoints {
		t.Forecast = forecast(last, l, o)
	}
	t.Detectable = g.detectable(before)
	t.Verdict, t.Reason = verdict(t, o)
	return t
}

func finite(points []highwater.Point) []highwater.Point {
	bad := func(p highwater.Point) bool { return math.IsNaN(p.Center) || math.IsInf(p.Center, 0) }
	if !slices.ContainsFunc(points, bad) {
		return points
	}
	return slices.DeleteFunc(slices.Clone(points), bad)
}

func (g *segmenter) change(points []highwater.Point, left, right stretch) highwater.ChangePoint {
	before, after := g.levels(left, right)
	p := g.pvalue(left, right, before, after)
	a, b := points[right.from-1], points[right.from]
	return highwater.ChangePoint{
		Index: right.from, At: b.At, Before: before, After: after, Change: ratio(before, after), PValue: p,
		LastBefore: a.Commit, FirstAfter: b.Commit, Runs: [2]string{a.Run, b.Run}, Worse: g.o.worse(after - before),
	}
}

const (
	// following is how many results behind a step Detectable counts on.
	following = 10
	// power is in how many cases it would be found then.
	power = 0.9
)

// detectable is the smallest step, a ratio of the level, that the second pass would find
// in nine of ten cases once ten results have followed it.
func (g *segmenter) detectable(s stretch) float64 {
	n := float64(s.to - s.from)
	sd := g.noise.sd
	if n >= leastDrift {
		rests := stat.Winsorise(g.rests(s), 3, g.noise.prior)
		var squares float64
		for _, r := range rests {
			squares += r * r
		}
		sd = math.Sqrt((priorDF*g.noise.prior*g.noise.prior + squares) / (priorDF + n - 1))
	}
	z := math.Sqrt(g.penalty) + stat.NormalQuantile(power)
	// Three tenths more for what is not in the formula: the noise is known from these
	// points alone, and other tests want to be convinced, too. By simulation: see
	// TestDetectableIsDetected.
	step := 1.3 * z * sd * math.Sqrt(g.noise.inflate*(1/n+1.0/following))
	if s.level == 0 {
		return 0
	}
	return step / math.Abs(s.level)
}
