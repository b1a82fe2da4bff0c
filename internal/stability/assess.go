package stability

import (
	"math"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// MinCheckpoints is how many checkpoints a judgement takes.
const MinCheckpoints = 20

// assessed is a result with what the findings need besides.
type assessed struct {
	highwater.SoakResult
	view    *view
	seen    *view // of which live memory is judged: see [view.collected]
	warm    int   // index of the first point after the warm-up
	trend   trend
	total   bool    // the judge of the whole sees a leak
	sites   bool    // the judge of the sites does
	nextH   float64 // bytes that it will grow in the hour to come
	sure    bool    // growth is told from noise
	level   float64 // bytes, at the start of the trend
	elapsed float64 // seconds
	known   string  // why a leak that explains the growth is accepted, and until when
}

// Assess says how memory went in a soak, finished or not. It takes a few milliseconds
// for 400 points, so that it serves for a progress line.
func Assess(s *highwater.Soak, p Policy) highwater.SoakResult { return assess(s, p).SoakResult }

func assess(s *highwater.Soak, p Policy) *assessed {
	if s == nil {
		s = &highwater.Soak{}
	}
	a := &assessed{view: newView(s)}
	a.seen = a.view
	v := a.view
	n := v.len()
	a.Course, a.Of = highwater.CourseShort, highwater.QuantityLive
	a.Checkpoints = bounded(n, s.Thinned)
	figure := live
	if !v.sees() {
		a.Course, a.Of, figure = highwater.CourseUnjudged, highwater.QuantityRSS, resident
	} else {
		if a.seen = v.collected(); a.seen != v {
			a.Collections = a.seen.len()
		}
	}
	if n == 0 {
		return a
	}
	a.elapsed = v.t[n-1] - v.t[0]
	a.Elapsed, a.Ops = seconds(a.elapsed), max(s.Points[v.keep[n-1]].Op, 0)
	l := a.seen.of(figure)
	a.Initial, a.Final = bytes(l.y[0]), bytes(l.y[l.len()-1])
	if n < 4 {
		return a
	}
	if a.seen.len() >= 4 {
		a.examine(a.seen, l, p)
		a.warm = slices.Index(v.keep, a.seen.keep[a.warm])
	}
	if w, ok := v.byWork(); ok && a.seen == v && a.Of == highwater.QuantityLive && !a.total && !a.sites {
		other := *a
		if other.examine(w, w.of(figure), p); other.total || other.sites {
			*a = other
			a.warm = slices.Index(v.keep, w.keep[a.warm])
			a.Warm = 0
			if a.warm > 0 {
				a.Warm = seconds(v.t[a.warm])
			}
		}
	}
	a.others()
	a.limit(p)
	a.speed()
	return a
}

// examine looks for growth of the line along the view's axis.
func (a *assessed) examine(v *view, l line, p Policy) {
	a.warm, a.Warm = warmUp(l), 0
	if a.warm > 0 {
		a.Warm = seconds(v.t[a.warm])
	}
	a.trend, a.total = whole(l, a.warm)
	a.figures(v, p)
	if a.Of == highwater.QuantityLive && v.len() >= MinCheckpoints {
		a.Suspects = v.suspects(a.warm, a.trend)
		a.sites = len(a.Suspects) > 0
		a.Course = a.course(l)
		if a.Course == highwater.CourseFilling {
			a.settling()
		}
		a.detectable()
	}
}

// course says in one word how live memory went.
func (a *assessed) course(l line) highwater.Course {
	tr := a.trend
	first := stat.Median(l.blocks().y[:1])
	switch {
	case a.total || a.sites:
		return highwater.CourseGrowing
	case tr.fills():
		return highwater.CourseFilling
	case !tr.points.enough() && (len(a.view.soak.Sites) == 0 || !l.ample() || a.sure && tr.growth >= tr.floor()):
		return highwater.CourseShort // and never settled while the whole, which is not judged, grows
	case tr.fit.At(tr.points.t[tr.points.len()-1])-first >= tr.floor():
		return highwater.CourseSettled
	default:
		return highwater.CourseFlat
	}
}

// figures fills in levels and rates.
func (a *assessed) figures(v *view, p Policy) {
	tr, n := a.trend, a.trend.points.len()
	start, end := tr.points.t[0], tr.points.t[n-1]
	a.level = tr.fit.At(start)
	a.Initial, a.Final = bytes(a.level), bytes(tr.fit.At(end))
	a.sure = tr.sure(0.005) && tr.growth >= totalBytes
	a.PerHour = rate(tr.fit, 3600)
	a.nextH = a.PerHour.Center
	if a.level > 0 {
		a.PercentPerHour = rate(tr.fit, 3600*100/a.level)
	}
	ops := line{v.ops[v.len()-n:], tr.points.y}
	if rising(ops.t) {
		b := ops.blocks()
		if fit := stat.FitLine(b.t, b.y); !math.IsNaN(fit.Slope) {
			r := rate(fit, 1)
			a.PerOp = &r
		}
	}
	a.Limit = max(p.Limit, 0)
}

// rising reports whether the numbers never fall and rise at all.
func rising(xs []float64) bool {
	for i := 1; i < len(xs); i++ {
		if xs[i] < xs[i-1] {
			return false
		}
	}
	return len(xs) > 0 && xs[len(xs)-1] > xs[0]
}

// settling estimates when a cache that is filling stops, from how much less the second
// half grew than the first: what decays exponentially has gained q times as much in the
// second half, and what is left is the second gain times q/(1-q). It is settled when
// less than a twentieth of the whole is left.
func (a *assessed) settling() {
	b, span := a.trend.blocks, a.trend.points.span()
	k := b.len()
	first, second := b.y[k/2]-b.y[0], b.y[k-1]-b.y[k/2]
	if !(first > 0) || !(second > 0) || second >= first {
		return
	}
	q := second / first
	decay := span / 2 / -math.Log(q)
	left := second * q / (1 - q)
	end := a.trend.points.t[a.trend.points.len()-1]
	by := seconds(end + decay*math.Max(math.Log(left/(0.05*(first+second+left))), 0))
	a.SettleBy = &by
	a.nextH = left * (1 - math.Exp(-3600/decay))
}

// limit says when the limit will be reached.
func (a *assessed) limit(p Policy) {
	grows := a.Course == highwater.CourseGrowing || a.Course == highwater.CourseUnjudged && a.sure
	if p.Limit <= 0 || !grows || !(a.PerHour.Center > 0) {
		return
	}
	left := seconds(math.Max(float64(p.Limit)-float64(a.Final), 0) / a.PerHour.Center * 3600)
	a.ToLimit = &left
}

func rate(f stat.Fit, unit float64) highwater.Rate {
	i := f.Interval(0.95)
	return highwater.Rate{Center: finite(i.Center * unit), Low: finite(i.Low * unit), High: finite(i.High * unit)}
}

// finite keeps a number so that JSON can hold it.
func finite(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return math.Max(math.Min(x, math.MaxFloat64), -math.MaxFloat64)
}

func seconds(s float64) time.Duration {
	switch ns := s * 1e9; {
	case math.IsNaN(ns):
		return 0
	case ns >= math.MaxInt64:
		return math.MaxInt64
	default:
		return time.Duration(ns)
	}
}

// bounded multiplies without overflow.
func bounded(n, thinned int) int {
	if thinned <= 1 || n == 0 {
		return n
	}
	return n * min(thinned, math.MaxInt32/n)
}
