package stability

import "github.com/highwater-dev/highwater/internal/stat"

// warmUp returns the index of the first point after the warm-up: the start from which
// a straight line explains the rest best. Of the starts in the first half it takes the
// one with the smallest mean square about the line per point that is kept: the rule
// MSER of White, "An effective truncation heuristic for bias reduction in simulation
// output", Simulation 69 (1997), with a line for the mean, since what leaks has none.
// It must be better by half than no warm-up at all, or there was none.
func warmUp(l line) int {
	b := l.blocks()
	k := b.len()
	if k < 8 {
		return 0
	}
	score := func(from int) float64 {
		rest := b.from(from)
		a, slope, _ := stat.Line(rest.t, rest.y)
		var squares float64
		for i, t := range rest.t {
			r := rest.y[i] - a - slope*t
			squares += r * r
		}
		kept := float64(rest.len())
		return squares / (kept * kept)
	}
	whole := score(0)
	best, at := whole/2, 0
	for from := 1; from <= k/2; from++ {
		if s := score(from); s < best {
			best, at = s, from
		}
	}
	if at == 0 {
		return 0
	}
	for i, t := range l.t {
		if t > (b.t[at-1]+b.t[at])/2 {
			return i
		}
	}
	return 0
}
