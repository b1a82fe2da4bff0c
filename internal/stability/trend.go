package stability

import (
	"math"
	"slices"

	"github.com/highwater-dev/highwater/internal/stat"
)

// line is a series over time: seconds, and bytes or a count.
type line struct{ t, y []float64 }

func (l line) from(i int) line { return line{l.t[i:], l.y[i:]} }
func (l line) to(i int) line   { return line{l.t[:i], l.y[:i]} }
func (l line) len() int        { return len(l.t) }

// span is the time between the first point and the last, in seconds.
func (l line) span() float64 {
	if l.len() == 0 {
		return 0
	}
	return l.t[l.len()-1] - l.t[0]
}

// maxBlocks is how many blocks a series is cut into at most: enough to see its
// shape, few enough that neighbours are nearly independent and pairs are cheap.
const maxBlocks = 24

// blocks cuts the series into at most maxBlocks; see [stat.Blocks].
func (l line) blocks() line {
	n := l.len()
	size := max((n+maxBlocks-1)/maxBlocks, min(3, n/10), 1)
	t, y := stat.Blocks(l.t, l.y, size)
	return line{t, y}
}

// trend is what can be told of a series over a stretch of time.
type trend struct {
	points line
	blocks line // their medians
	fit    stat.Fit
	growth float64 // along the fitted line, over the whole stretch
}

func look(l line) trend {
	tr := trend{points: l, blocks: l.blocks()}
	tr.fit = stat.FitLine(tr.blocks.t, tr.blocks.y)
	if math.IsNaN(tr.fit.Slope) {
		tr.fit.Slope = 0
		return tr
	}
	tr.growth = tr.fit.Slope * l.span()
	return tr
}

// sure reports whether the slope is above zero beyond the chance p.
func (tr trend) sure(p float64) bool {
	if !(tr.fit.Slope > 0) || !(tr.fit.DF > 0) {
		return false
	}
	if tr.fit.SE == 0 {
		return true
	}
	return stat.StudentTail(tr.fit.T(), tr.fit.DF) <= p
}

// tail is the share of a stretch, at its end, in which growth must still be seen, and
// aliveAt how much of it; late is the share over which it must still have a good part
// of its rate. Something that stops filling nearer to the end than tail cannot be told
// from a leak by anybody.
const (
	tail    = 0.10
	aliveAt = 0.6
	late    = 1.0 / 3
)

// alive reports whether the series still grows at its end. The last tenth must lie
// nearer to the line through the nine before it than to the level where that line
// ends, and the last third must rise at 0.4 of the common rate at least, likely.
func (tr trend) alive() bool {
	k := tr.blocks.len()
	last := max(int(math.Round(tail*float64(k))), 2)
	if k < last+4 {
		return false
	}
	before := tr.blocks.to(k - last)
	fit := stat.FitLine(before.t, before.y)
	var got, going float64
	for i := k - last; i < k; i++ {
		got += tr.blocks.y[i]
		going += fit.At(tr.blocks.t[i])
	}
	got, going = got/float64(last), going/float64(last)
	stopped := fit.At((before.t[k-last-1] + tr.blocks.t[k-last]) / 2)
	if got < stopped+aliveAt*(going-stopped) {
		return false
	}
	end := tr.lastThird()
	return end.Slope >= 0.4*tr.fit.Slope && (end.SE == 0 || end.T() >= 1.5)
}

func (tr trend) lastThird() stat.Fit {
	k := tr.blocks.len()
	end := tr.blocks.from(k - min(max(int(late*float64(k)), 4), k))
	return stat.FitLine(end.t, end.y)
}

// still reports whether a staircase, which hardly ever falls, has stopped rising: it
// has stayed where it is for longer than stairs that come at random, at the rate of
// those before, would let it in three cases of a hundred. Samples of a profile come so.
func (tr trend) still() bool {
	y := tr.points.y
	n := len(y)
	stairs, last := 0, 0
	high := y[0]
	// Less than a hundredth of the whole is no stair, but noise on top of the last.
	least := 0.01 * (slices.Max(y) - slices.Min(y))
	for i := 1; i < n; i++ {
		if y[i] > high+least {
			high = y[i]
			stairs++
			last = i
		}
	}
	flat := n - 1 - last
	if flat < leastFlat {
		return false // the last checkpoint may come soon after the one before it
	}
	often := float64(stairs) / float64(last+1)
	return math.Pow(1-often, float64(flat)) < 0.03
}

// leastFlat is how many checkpoints without a stair there are at least before a
// staircase has stopped.
const leastFlat = 3

// monotone reports whether falls are few against rises: a tenth of their sum.
func (tr trend) monotone() bool {
	var up, down float64
	for i := 1; i < tr.points.len(); i++ {
		if d := tr.points.y[i] - tr.points.y[i-1]; d > 0 {
			up += d
		} else {
			down -= d
		}
	}
	return down <= 0.1*up
}

// slowing reports whether the rate of growth surely falls: the last third rises at
// less than 0.65 of the rate of the first, and either the steps from block to block
// get smaller, or the series bends away from its line.
func (tr trend) slowing() bool {
	k := tr.blocks.len()
	third := max(int(late*float64(k)), 3)
	if k < 9 {
		return false
	}
	first := stat.FitLine(tr.blocks.t[:third+1], tr.blocks.y[:third+1])
	last := stat.FitLine(tr.blocks.t[k-third-1:], tr.blocks.y[k-third-1:])
	if !(last.Slope < 0.65*first.Slope) {
		return false
	}
	steps := line{t: tr.blocks.t[1:]}
	for i := 1; i < k; i++ {
		steps.y = append(steps.y, tr.blocks.y[i]-tr.blocks.y[i-1])
	}
	if falls := stat.FitLine(steps.t, steps.y); falls.T() <= -3 {
		return true
	}
	// A staircase of random stairs bends by chance, being a sum of them.
	return !tr.monotone() && bend(tr.blocks) <= -4
}

// bend is the t of the square term of a parabola through the points, by least
// squares: below zero where a series flattens.
func bend(l line) float64 {
	n := l.len()
	mean, half := stat.Mean(l.t), l.span()/2
	if n < 6 || half == 0 {
		return 0
	}
	// The square is made orthogonal to the line, which leaves a fit of one number.
	_, slope, _ := stat.Line(l.t, l.y)
	level := stat.Mean(l.y)
	u := make([]float64, n)
	q := make([]float64, n)
	for i, t := range l.t {
		u[i] = (t - mean) / half
		q[i] = u[i] * u[i]
	}
	a, b, _ := stat.Line(u, q)
	var sqq, sqy, rest float64
	for i := range q {
		q[i] -= a + b*u[i]
		sqq += q[i] * q[i]
		sqy += q[i] * (l.y[i] - level - slope*(l.t[i]-mean))
	}
	if sqq == 0 {
		return 0
	}
	c := sqy / sqq
	for i := range q {
		r := l.y[i] - level - slope*(l.t[i]-mean) - c*q[i]
		rest += r * r
	}
	if se := math.Sqrt(rest / float64(n-3) / sqq); se > 0 {
		return c / se
	}
	return math.Copysign(math.Inf(1), c)
}

// spread is over which share of the steps from one eighth of the stretch to the next the
// growth is spread: 1 for a straight line, a seventh for a series that has jumped once.
// It is the participation ratio, the square of the sum over the sum of squares.
func (tr trend) spread() float64 {
	_, y := stat.Blocks(tr.blocks.t, tr.blocks.y, max(tr.blocks.len()/8, 1))
	var sum, squares float64
	for i := 1; i < len(y); i++ {
		d := y[i] - y[i-1]
		sum += d
		squares += d * d
	}
	if squares == 0 || sum <= 0 {
		return 0
	}
	return sum * sum / squares / float64(len(y)-1)
}

// tau is Kendall's rank correlation with time, over at most 150 points.
func (tr trend) tau() float64 {
	l := tr.points
	if n := l.len(); n > 150 {
		l.t, l.y = stat.Blocks(l.t, l.y, (n+149)/150)
	}
	if slices.Min(l.y) == slices.Max(l.y) {
		return 0
	}
	return stat.Kendall(l.t, l.y)
}
