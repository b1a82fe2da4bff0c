package stability

import (
	"math"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// speed is how the time for an operation went: the logarithm of seconds, so that a
// trend is a ratio.
type speed struct {
	name  string
	trend trend
	ok    bool
}

func (v *view) pacing(name string, of func(highwater.SoakWork) float64) speed {
	var l line
	for k, i := range v.keep {
		w := v.soak.Points[i].Work
		if w == nil || w.Ops <= 0 {
			continue
		}
		if x := of(*w); x > 0 {
			l.t = append(l.t, v.t[k])
			l.y = append(l.y, math.Log(x))
		}
	}
	s := speed{name: name}
	if l.len() < MinCheckpoints || l.len() < v.len()/2 {
		return s
	}
	// The first operations fill caches and are slower; that is a change for the better.
	s.trend, s.ok = look(l.from(l.len()/20)), true
	return s
}

func perOp(w highwater.SoakWork) float64  { return float64(w.Busy) / float64(w.Ops) }
func cpuOp(w highwater.SoakWork) float64  { return float64(w.CPU) / float64(w.Ops) }
func median(w highwater.SoakWork) float64 { return float64(w.P50) }
func high(w highwater.SoakWork) float64   { return float64(w.P95) }

// change is the trend over the whole stretch as a ratio less 1.
func (s speed) change(sign float64) *highwater.Rate {
	if !s.ok {
		return nil
	}
	i := s.trend.fit.Interval(0.95)
	span := s.trend.points.span()
	of := func(x float64) float64 { return finite(math.Expm1(sign * x * span)) }
	r := highwater.Rate{Center: of(i.Center), Low: of(i.Low), High: of(i.High)}
	if r.Low > r.High {
		r.Low, r.High = r.High, r.Low
	}
	return &r
}

func (a *assessed) speed() {
	a.Throughput = a.view.pacing("operations a second", perOp).change(-1)
	a.Latency = a.view.pacing("", median).change(1)
}

// slower reports whether the time has grown by more than the ratio, told from chance,
// bit by bit and to the end: a machine that is busy for a while makes a hump, and a
// neighbour that comes and stays a step.
func (s speed) slower(ratio, chance float64) bool {
	if !s.ok || !s.trend.points.enough() {
		return false
	}
	tr := s.trend
	b := tr.blocks
	return tr.growth >= math.Log1p(ratio) && tr.sure(chance) && tr.spread() >= 0.5 &&
		stat.Kendall(b.t, b.y) >= 0.6 && tr.lastThird().Slope >= 0.3*tr.fit.Slope
}

// cpuBound is the share of the busy time from which on an operation's time is the
// processor's.
const cpuBound = 0.5

// slowDowns are the times that got worse by more than the ratio. On a machine that
// others use, the same work takes longer when they are busy. Where operations compute,
// it is the CPU time that must have grown surely, by two thirds of that; the time by the
// clock, which swings far more, must only agree. Where they wait CPU time says nothing,
// and the whole interval must lie beyond the ratio.
func (v *view) slowDowns(ratio float64) (slow []speed, computes bool) {
	cpu := v.pacing("", cpuOp)
	busy := v.pacing("the time for an operation", perOp)
	if !busy.ok && !cpu.ok {
		return nil, false
	}
	if busy.ok && cpu.ok {
		computes = stat.Median(cpu.trend.points.y)-stat.Median(busy.trend.points.y) >= math.Log(cpuBound)
	}
	for _, s := range []speed{busy, v.pacing("the median latency", median), v.pacing("the 95th percentile of latency", high)} {
		switch {
		case !s.ok:
		case computes:
			if cpu.slower(2*ratio/3, 1e-3) && s.trend.growth >= math.Log1p(ratio) && s.trend.sure(0.05) {
				slow = append(slow, s)
			}
		case s.slower(ratio, 1e-4) && s.trend.fit.Interval(0.95).Low*s.trend.points.span() >= math.Log1p(ratio):
			slow = append(slow, s)
		}
	}
	return slow, computes
}
