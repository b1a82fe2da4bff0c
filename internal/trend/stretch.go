package trend

import (
	"math"
	"slices"

	"github.com/highwater-dev/highwater/internal/stat"
)

// stretch is a part of a series in which nothing changed: a level, or a slope.
type stretch struct {
	from, to  int
	level     float64 // the median
	sloped    bool
	intercept float64 // at from
	slope     float64 // a point
}

// at is where the stretch is at a point.
func (s stretch) at(i int) float64 {
	if !s.sloped {
		return s.level
	}
	return s.intercept + s.slope*float64(i-s.from)
}

func (g *segmenter) stretch(from, to int) stretch {
	s := stretch{from: from, to: to, level: stat.Median(g.raw[from:to])}
	if to-from < leastSlope {
		return s
	}
	unit := g.noise.sd * g.noise.sd * g.noise.inflate
	level, line := g.sums.rest(from, to)
	if (level-line)/unit <= g.penalty/2 {
		return s
	}
	xs := make([]float64, to-from)
	for i := range xs {
		xs[i] = float64(i)
	}
	s.sloped = true
	s.intercept, s.slope, _ = stat.Line(xs, g.ys[from:to])
	return s
}

// rests are what a stretch leaves of its points as they are.
func (g *segmenter) rests(s stretch) []float64 {
	out := make([]float64, 0, s.to-s.from)
	for i := s.from; i < s.to; i++ {
		out = append(out, g.raw[i]-s.at(i))
	}
	return out
}

const (
	// real is the level of the p-values of the second pass.
	real = 0.001
	// tooSmall is more than any p-value may be off by.
	tooSmall = 1e6
)

// notReal returns the index of the border that is the least real, 0 when all are.
func (g *segmenter) notReal(borders []int) int {
	worst, most := 0, 1.0
	for i := 1; i < len(borders)-1; i++ {
		left, right := g.stretch(borders[i-1], borders[i]), g.stretch(borders[i], borders[i+1])
		before, after := g.levels(left, right)
		// How far each of the conditions is from being met; what is not of any size is
		// taken away before what may only be a little too uncertain.
		off := max(g.pvalue(left, right, before, after)/real, g.ranked(left, right), g.seen(left, right))
		if !g.o.large(before, after, small) {
			off = tooSmall * (2 - min(1, math.Abs(ratio(before, after))/g.o.Threshold.Relative))
		}
		if off > most {
			worst, most = i, off
		}
	}
	return worst
}

// levels are those on both sides of a border: medians, and where there is a slope, where
// it is at the border.
func (g *segmenter) levels(left, right stretch) (before, after float64) {
	return left.at(left.to - 1), right.at(right.from)
}

// past is how many points of a stretch a test looks at: more say nothing new.
const past = 100

// nearest are the points of two stretches next to their border.
func nearest(left, right stretch) (from, to int) {
	return max(left.from, left.to-past), min(right.to, right.from+past)
}

// pvalue is that of the step between two stretches: a t-test with the spread within both,
// strays moved inwards, moderated by what is expected.
func (g *segmenter) pvalue(left, right stretch, before, after float64) float64 {
	left.from, right.to = nearest(left, right)
	rests := g.rests(left)
	na := float64(len(rests))
	rests = append(rests, g.rests(right)...)
	n := float64(len(rests))
	var squares float64
	for _, r := range stat.Winsorise(rests, 3, g.noise.prior) {
		squares += r * r
	}
	df := priorDF + math.Max(n-2, 1)
	variance := (priorDF*g.noise.prior*g.noise.prior + squares) / df
	se := math.Sqrt(variance * g.noise.inflate * (1/na + 1/(n-na)))
	return 2 * stat.StudentTail(math.Abs(after-before)/se, df)
}

// ranked is above 1 where the rank test of Mann and Whitney finds too little: it trusts
// no spread. That all of one side lie beyond all of the other is as much as few points
// can say, and is enough.
func (g *segmenter) ranked(left, right stretch) float64 {
	if left.sloped || right.sloped {
		return 0
	}
	from, to := nearest(left, right)
	a, b := g.raw[from:left.to], g.raw[right.from:to]
	if slices.Max(a) < slices.Min(b) || slices.Max(b) < slices.Min(a) {
		return 0
	}
	_, p := stat.MannWhitney(a, b)
	return p / real
}

// seen is above 1 where the values of the shorter stretch have been seen in the longer
// one: strays, or the second of two levels. With a share q of them, as many in a row as
// the shorter has must be less likely than three in a thousand anywhere in the longer.
func (g *segmenter) seen(left, right stretch) float64 {
	from, to := nearest(left, right)
	short, long := right, left
	long.from, short.to = from, to
	if right.to-right.from > left.to-left.from {
		short, long = left, right
		short.from, long.to = from, to
	}
	at := short.from
	if short.from < long.from {
		at = short.to - 1
	}
	// Half of the way and more is there, less is here.
	there := func(i int) bool {
		here := long.at(min(max(i, long.from), long.to-1))
		return (g.raw[i]-here)/(short.at(at)-here) >= 0.5
	}
	k, row := 0.0, 0.0
	for i := long.from; i < long.to; i++ {
		if there(i) {
			k++
		}
	}
	for i := short.from; i < short.to; i++ {
		if there(i) {
			row++
		} else {
			row--
		}
	}
	if k == 0 {
		return 0
	}
	n := float64(long.to - long.from)
	return math.Pow((k+0.5)/(n+1), max(0, row)) * n / 0.003
}
