package trend

import (
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// noise is how results of an unchanged program differ from run to run.
type noise struct {
	sd float64 // of one point
	// inflate is by how much the variance of a mean is larger than that of as many
	// independent points, since neighbours are alike: (1+r)/(1-r).
	inflate float64
	df      float64 // what sd is worth
	prior   float64 // the spread that is expected, before anything is seen
}

// noiseOf estimates from the differences of neighbours, which steps and slopes hardly
// touch: a step is one difference among many, and the median passes over it. (For the
// variance from differences: von Neumann, "Distribution of the ratio of the mean square
// successive difference to the variance", Annals of Mathematical Statistics 12 (1941).)
func noiseOf(points []highwater.Point, o Options) noise {
	ys := centers(points)
	n := noise{inflate: 1, df: priorDF, prior: prior(points, stat.Median(ys), o)}
	diffs := make([]float64, 0, len(ys))
	for i := 1; i < len(ys); i++ {
		diffs = append(diffs, ys[i]-ys[i-1])
	}
	if len(diffs) < 3 {
		n.sd = n.prior
		return n
	}
	kept := quiet(diffs, n.prior)
	var variance, lag, count, pairs float64
	for i, d := range kept {
		if math.IsNaN(d) {
			continue
		}
		count++
		variance += d * d
		if i > 0 && !math.IsNaN(kept[i-1]) {
			lag += d * kept[i-1]
			pairs++
		}
	}
	variance /= math.Max(count, 1)
	// Differences of independent points are correlated by -1/2, and those of a process
	// x(i) = r·x(i-1) + e by -(1-r)/2. Few points tell little of r.
	var r float64
	if variance > 0 && pairs > 0 {
		r = 1 + 2*lag/pairs/variance
		r = math.Max(0, math.Min(0.8, r)) * count / (count + 10)
	}
	n.inflate = (1 + r) / (1 - r)
	// The MAD of differences is worth about 0.4 of a mean square's freedom.
	seen := 0.4 * count
	own := variance / 2 / (1 - r)
	n.df = seen + priorDF
	n.sd = math.Sqrt((priorDF*n.prior*n.prior + seen*own) / n.df)
	return n
}

// quiet returns the differences about their median, with NaN for those that are of a step
// or a stray: more than three and a half scaled MADs. Of an exact metric's differences
// most are nothing, which gives no scale; there the expected noise does, and what is
// beyond is only held to that.
func quiet(diffs []float64, expected float64) []float64 {
	mid := stat.Median(diffs)
	width := 3.5 * stat.NormalMAD * stat.MAD(diffs)
	outside := math.NaN()
	if width == 0 {
		width = 3.5 * expected
		outside = width
	}
	out := make([]float64, len(diffs))
	for i, d := range diffs {
		out[i] = d - mid
		if math.Abs(out[i]) > width {
			out[i] = math.Copysign(outside, out[i])
		}
	}
	return out
}

// prior is the spread that is expected of one point. It is no less than what the point's
// own repeats leave open: what a median is not known to cannot be seen to change.
func prior(points []highwater.Point, size float64, o Options) float64 {
	expected := math.Max(o.PriorCV*math.Abs(size), o.PriorAbs)
	halves := make([]float64, 0, len(points))
	for _, p := range points {
		if half := (p.High - p.Low) / 2; half >= 0 && !math.IsInf(half, 0) && !math.IsNaN(half) {
			halves = append(halves, half)
		}
	}
	if len(halves) > 0 {
		expected = math.Max(expected, stat.Median(halves)/stat.NormalQuantile(0.975))
	}
	// An exact count has no noise at all; nothing is divided by nothing.
	return math.Max(expected, math.Max(1e-9*math.Abs(size), 1e-12))
}

func centers(points []highwater.Point) []float64 {
	ys := make([]float64, len(points))
	for i, p := range points {
		ys[i] = p.Center
	}
	return ys
}

// withoutStrays returns the points with those moved to the median of their surroundings
// that stand alone: further from it than four standard deviations, while neither
// neighbour is even half as far on that side. The first point of a new level is one of
// these until the second has come.
func withoutStrays(ys []float64, sd float64) []float64 {
	const reach = 3
	out := slices.Clone(ys)
	window := make([]float64, 0, 2*reach+1)
	for i, y := range ys {
		window = window[:0]
		for j := max(0, i-reach); j < min(len(ys), i+reach+1); j++ {
			if j != i {
				window = append(window, ys[j])
			}
		}
		if len(window) < 2 {
			continue
		}
		slices.Sort(window)
		mid := (window[(len(window)-1)/2] + window[len(window)/2]) / 2
		away := y - mid
		if math.Abs(away) <= 4*sd {
			continue
		}
		alone := true
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(ys) && (ys[j]-mid)/away > 0.5 {
				alone = false
			}
		}
		if alone {
			out[i] = mid
		}
	}
	return out
}
