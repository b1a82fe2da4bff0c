package trend

import (
	"math"
	"slices"

	"github.com/highwater-dev/highwater/internal/stat"
)

const (
	// weak is the square of z from which the first pass takes a place for a candidate.
	weak = 6
	// Windows of the first pass: what a long series has many of, one window has few of.
	windowSize, windowStep = 50, 25
	// ends is how many of the last places are always candidates, so that the newest
	// change is not missed beside a larger one.
	ends = 8
	// leastSlope is from how many points on a stretch may be a slope.
	leastSlope = 12
)

// segmenter cuts a series into stretches.
type segmenter struct {
	raw, ys []float64 // as they are, and without strays
	sums    sums
	noise   noise
	o       Options
	penalty float64 // what one more stretch must explain, in squares of z
}

func newSegmenter(ys []float64, n noise, o Options) *segmenter {
	g := &segmenter{raw: ys, ys: withoutStrays(ys, n.sd), noise: n, o: o}
	g.sums = sumsOf(g.ys)
	// Each place in the series is a chance to be wrong.
	t := stat.StudentQuantile(1-falseAlarm/2/float64(max(len(ys), 20)), n.df)
	g.penalty = t * t
	return g
}

// falseAlarm is the chance that a clean series of independent, normal points yields a
// step of any size. That it must also be of some size makes it much rarer.
const falseAlarm = 0.02

// cut returns the borders of the stretches, 0 and the length among them.
func (g *segmenter) cut() []int {
	borders := g.settle(g.merge(g.candidates()))
	for {
		if i := g.visit(borders); i > 0 {
			g.level(borders[i], borders[i+1], borders[i-1])
			borders = slices.Delete(borders, i, i+2)
		} else if i := g.notReal(borders); i > 0 {
			borders = slices.Delete(borders, i, i+1)
		} else {
			return borders
		}
		borders = g.settle(g.merge(borders))
	}
}

// visit returns the index of a border behind which a few results lie elsewhere and then
// all is as before: strays, and not two changes. 0 for none.
func (g *segmenter) visit(borders []int) int {
	for i := 1; i < len(borders)-2; i++ {
		if borders[i+1]-borders[i] > excursion {
			continue
		}
		before, after := g.stretch(borders[i-1], borders[i]), g.stretch(borders[i+1], borders[i+2])
		if !g.o.large(before.at(before.to-1), after.at(after.from), small) {
			return i
		}
	}
	return 0
}

// level moves strays to where the stretch before them is.
func (g *segmenter) level(from, to, before int) {
	s := g.stretch(before, from)
	for i := from; i < to; i++ {
		g.ys[i] = s.at(i)
	}
	g.sums = sumsOf(g.ys)
}

// candidates is the first pass.
func (g *segmenter) candidates() []int {
	n := len(g.ys)
	found := []int{0, n}
	g.divide(0, n, &found)
	if n > windowSize {
		for from := 0; from+windowStep < n; from += windowStep {
			g.divide(from, min(n, from+windowSize), &found)
		}
	}
	for k := leastStretch; k <= ends && n-k >= leastStretch; k++ {
		found = append(found, n-k)
	}
	slices.Sort(found)
	found = slices.Compact(found)
	// The candidates of different windows may lie side by side: of two stretches that
	// are too short, the border that says less goes in the second pass. Here it is only
	// seen to that no stretch is shorter than the least.
	kept := found[:1]
	for _, b := range found[1:] {
		if b-kept[len(kept)-1] >= leastStretch {
			kept = append(kept, b)
		}
	}
	if last := len(kept) - 1; kept[last] != n {
		kept[last] = n
	}
	return kept
}

func (g *segmenter) divide(from, to int, found *[]int) {
	if to-from < 2*leastStretch {
		return
	}
	at := best(energy(g.ys[from:to]))
	if at < leastStretch || to-from-at < leastStretch {
		return
	}
	at += from
	whole, _ := g.sums.rest(from, to)
	left, _ := g.sums.rest(from, at)
	right, _ := g.sums.rest(at, to)
	if whole-left-right < weak*g.noise.sd*g.noise.sd {
		return
	}
	*found = append(*found, at)
	g.divide(from, at, found)
	g.divide(at, to, found)
}

// cost is what a stretch leaves unexplained, in squares of z: as a level or, at the price
// of one more number, as a slope.
func (g *segmenter) cost(from, to int) float64 {
	unit := g.noise.sd * g.noise.sd * g.noise.inflate
	level, line := g.sums.rest(from, to)
	if to-from < leastSlope {
		return level / unit
	}
	return min(level/unit, line/unit+g.penalty/2)
}

// gain is what the border between two stretches explains.
func (g *segmenter) gain(a, b, c int) float64 {
	return g.cost(a, c) - g.cost(a, b) - g.cost(b, c)
}

// merge takes borders away, the one that explains least first, until each explains
// enough.
func (g *segmenter) merge(borders []int) []int {
	gains := make([]float64, len(borders))
	for i := 1; i < len(borders)-1; i++ {
		gains[i] = g.gain(borders[i-1], borders[i], borders[i+1])
	}
	for len(borders) > 2 {
		least := 1
		for i := 2; i < len(borders)-1; i++ {
			if gains[i] < gains[least] {
				least = i
			}
		}
		if gains[least] >= g.penalty {
			break
		}
		borders = slices.Delete(borders, least, least+1)
		gains = slices.Delete(gains, least, least+1)
		for _, i := range []int{least - 1, least} {
			if i > 0 && i < len(borders)-1 {
				gains[i] = g.gain(borders[i-1], borders[i], borders[i+1])
			}
		}
	}
	return borders
}

// settle moves each border to where it explains most between its neighbours.
func (g *segmenter) settle(borders []int) []int {
	const reach = 12
	for range 3 {
		moved := false
		for i := 1; i < len(borders)-1; i++ {
			a, c, at := borders[i-1], borders[i+1], borders[i]
			least := math.Inf(1)
			for b := max(a+leastStretch, borders[i]-reach); b <= min(c-leastStretch, borders[i]+reach); b++ {
				if cost := g.cost(a, b) + g.cost(b, c); cost < least {
					least, at = cost, b
				}
			}
			if at != borders[i] {
				borders[i], moved = at, true
			}
		}
		if !moved {
			break
		}
	}
	return borders
}
