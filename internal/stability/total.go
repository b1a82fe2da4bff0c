package stability

import (
	"math"

	"github.com/highwater-dev/highwater"
)

// What growth of live memory as a whole must be to be a leak, besides being told from
// noise; see the simulations in the tests, with which these are calibrated.
const (
	totalSpan   = 300 // seconds after the warm-up, or
	totalPoints = 60  // checkpoints
	totalChance = 1e-4
	totalNoise  = 4 // times the noise of a block
	totalBytes  = 64 * float64(highwater.KB)
	totalShare  = 0.002 // of what there is
	totalSteps  = 0.62  // see [trend.spread]
)

// enough reports whether the stretch is long enough to judge the whole.
func (l line) enough() bool {
	return l.len() >= 12 && (l.span() >= totalSpan || l.len() >= totalPoints)
}

// floor is the growth below which nobody is to be told.
func (tr trend) floor() float64 {
	least := math.Max(totalBytes, totalShare*math.Abs(tr.fit.At(tr.points.t[0])))
	return math.Max(least, totalNoise*tr.fit.Noise)
}

// leaks reports whether the stretch shows growth that goes on.
func (tr trend) leaks() bool {
	switch {
	case !tr.points.enough(), tr.growth < tr.floor(), !tr.sure(totalChance),
		tr.spread() < totalSteps, tr.slowing():
		return false
	case tr.monotone():
		return !tr.still() && tr.tau() > siteTau
	default:
		return tr.alive()
	}
}

// fills reports whether the stretch shows growth that goes on ever more slowly.
func (tr trend) fills() bool {
	// A curve lies far from its line, which says nothing of noise here.
	least := math.Max(totalBytes, totalShare*math.Abs(tr.fit.At(tr.points.t[0])))
	if !tr.points.enough() || tr.growth < least || !tr.slowing() {
		return false
	}
	if tr.monotone() && tr.still() {
		return false
	}
	end := tr.lastThird()
	return end.Slope > 0.1*tr.fit.Slope && (end.SE == 0 || end.T() >= 3)
}

// whole judges live memory as a whole: the stretch after the warm-up, and, for a leak
// that began later, its second half. It returns the stretch that shows the leak, or
// else the one after the warm-up.
func whole(l line, warm int) (tr trend, leak bool) {
	rest := l.from(warm)
	tr = look(rest)
	if tr.leaks() {
		return tr, !hump(l.to(warm), tr)
	}
	half := rest.len() / 2
	later := look(rest.from(half))
	// What has been growing faster before is filling, however straight its end looks.
	if later.fit.Slope >= tr.fit.Slope && later.leaks() && !hump(l.to(warm+half), later) {
		return later, true
	}
	return tr, false
}

// hump reports whether live memory had been so high before, and come down again: one
// tooth of a saw, of which the stretch is the next.
func hump(before line, tr trend) bool {
	if before.len() == 0 {
		return false
	}
	b := before.blocks()
	high, low := b.y[0], b.y[0]
	var rise float64
	for _, y := range b.y {
		low = math.Min(low, y)
		if y >= high {
			high, rise = y, y-low
		}
	}
	drop := high - tr.fit.At(tr.points.t[0])
	return drop >= tr.growth/2 && rise >= drop/4
}
