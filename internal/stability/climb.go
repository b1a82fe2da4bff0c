package stability

import (
	"math"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// What growth of one site, or of a count, must be to be a leak. The rule of
// DESIGN.md, tau over 0.9 and 32 KB in 120 s, has two more conditions, because a
// random walk meets it once in a hundred times, and a heap has many sites: rises must
// prevail over falls by more than chance, and growth must go on.
const (
	siteTau    = 0.9
	siteBytes  = 32 * float64(highwater.KB)
	siteSpan   = 120 // seconds after the warm-up, or
	sitePoints = 20  // checkpoints
	siteSigns  = 3.16
	siteDrift  = 7
)

// ample reports whether the stretch is long enough to judge a site.
func (l line) ample() bool {
	return l.len() >= 12 && (l.span() >= siteSpan || l.len() >= sitePoints)
}

// ends are the medians of the first and of the last three values.
func (l line) ends() (first, last float64) {
	n := l.len()
	k := min(3, n)
	return stat.Median(l.y[:k]), stat.Median(l.y[n-k:])
}

// climb is a series that grows at nearly every checkpoint.
type climb struct {
	points line
	slope  float64 // a second
	growth float64
	tau    float64
}

// climbs judges the whole series, the stretch after the warm-up, and, for what began
// later, the second half of that. It reports whether one of them grows by at least as
// much as least, and still does.
func climbs(l line, warm int, least float64) (climb, bool) {
	c, ok := l.climbs(least)
	if ok {
		return c, true
	}
	rest := l.from(warm)
	if warm > 0 {
		if c, ok = rest.climbs(least); ok {
			return c, true
		}
	}
	later, ok := rest.from(rest.len() / 2).climbs(least)
	// What has been growing faster before is filling, however straight its end looks.
	if ok && later.growth >= 0.6*c.growth {
		return later, true
	}
	return c, false
}

func (l line) climbs(least float64) (climb, bool) {
	c := climb{points: l}
	if l.len() == 0 {
		return c, false
	}
	first, last := l.ends()
	c.growth = last - first
	if !l.ample() || !(c.growth >= least) {
		return c, false
	}
	tr := look(l)
	c.slope = tr.fit.Slope
	if _, _, z := stat.Signs(l.y); z < siteSigns && tr.drift() < siteDrift {
		return c, false
	}
	if c.tau = tr.tau(); !(c.tau > siteTau) || tr.slowing() {
		return c, false
	}
	if tr.monotone() {
		return c, !tr.still()
	}
	return c, tr.alive()
}

// drift is the t of the mean step from block to block, over at most ten blocks: large
// for a straight line, about 2 at most for a random walk, which looks straight by
// chance only.
func (tr trend) drift() float64 {
	n := tr.points.len()
	_, y := stat.Blocks(tr.points.t, tr.points.y, max((n+9)/10, 1))
	if len(y) < 5 {
		return 0
	}
	steps := make([]float64, 0, len(y)-1)
	for i := 1; i < len(y); i++ {
		steps = append(steps, y[i]-y[i-1])
	}
	se := stat.SD(steps) / math.Sqrt(float64(len(steps)))
	if se == 0 {
		return math.Copysign(math.Inf(1), stat.Mean(steps))
	}
	return stat.Mean(steps) / se
}

// sinks reports whether the series falls over the stretch about as steadily as a
// suspect rises: memory that moves from one site to another.
func (l line) sinks() (float64, bool) {
	first, last := l.ends()
	if first-last < siteBytes {
		return 0, false
	}
	return first - last, look(l).tau() < -0.7
}
