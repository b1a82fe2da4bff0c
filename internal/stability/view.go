package stability

import (
	"math"

	"github.com/highwater-dev/highwater"
)

// view is a soak as the judges see it: numbers without surprises. A run file is not
// trusted, so that points out of order and series of another length are left out.
type view struct {
	soak  *highwater.Soak
	keep  []int // the indices of the points that count
	t     []float64
	ops   []float64
	left  int // points left out, since they are not later than the one before
	short int // series left out, since they are not as long as the points
}

func newView(s *highwater.Soak) *view {
	v := &view{soak: s}
	last := math.Inf(-1)
	for i, p := range s.Points {
		at := float64(p.At) / 1e9
		if !(at > last) {
			v.left++
			continue
		}
		last = at
		v.keep = append(v.keep, i)
		v.t = append(v.t, at)
		v.ops = append(v.ops, float64(p.Op))
	}
	for _, site := range s.Sites {
		if len(site.Bytes) != len(s.Points) {
			v.short++
		}
	}
	for _, g := range s.Goroutines {
		if len(g.Counts) != len(s.Points) {
			v.short++
		}
	}
	return v
}

func (v *view) len() int { return len(v.keep) }

// collected is the view of the points that tell of a collection that none before them
// did. Where none is forced, live memory and sites are as the process's own last one has
// left them, and looking again before the next tells nothing new: three heights, seen
// twenty times each, would look like a staircase. It is the view itself where collections
// are forced, or each point has one of its own.
func (v *view) collected() *view {
	w := *v
	w.t, w.ops, w.keep = nil, nil, nil
	last := int64(-1)
	for k, i := range v.keep {
		c := v.soak.Points[i].Cycle
		if c != 0 && c == last {
			continue
		}
		last = c
		w.keep, w.t, w.ops = append(w.keep, i), append(w.t, v.t[k]), append(w.ops, v.ops[k])
	}
	if w.len() == v.len() {
		return v
	}
	return &w
}

// of makes a line of one figure of all points.
func (v *view) of(figure func(highwater.SoakPoint) float64) line {
	y := make([]float64, len(v.keep))
	for k, i := range v.keep {
		y[k] = figure(v.soak.Points[i])
	}
	return line{v.t, y}
}

// site is what a site held at the points, false where the series does not fit them.
func (v *view) site(i int) (line, bool) { return among(v, v.soak.Sites[i].Bytes) }

func (v *view) group(i int) (line, bool) { return among(v, v.soak.Goroutines[i].Counts) }

func among[T int | int64](v *view, series []T) (line, bool) {
	if len(series) != len(v.soak.Points) {
		return line{}, false
	}
	y := make([]float64, len(v.keep))
	for k, i := range v.keep {
		y[k] = float64(series[i])
	}
	return line{v.t, y}, true
}

func live(p highwater.SoakPoint) float64     { return float64(p.Heap) + float64(p.Stacks) }
func resident(p highwater.SoakPoint) float64 { return float64(p.RSS) }
func account(p highwater.SoakPoint) float64  { return float64(p.Runtime) }

// lacks reports whether the source could not tell the quantity.
func (v *view) lacks(q highwater.Quantity) bool {
	_, lacking := v.soak.Lacks[q]
	return lacking
}

// sees reports whether live memory was read.
func (v *view) sees() bool {
	if v.soak.Source == highwater.SourceProcess || v.lacks(highwater.QuantityLive) {
		return false
	}
	for _, i := range v.keep {
		if v.soak.Points[i].Heap > 0 {
			return true
		}
	}
	return false
}

// bytes turns an estimate into whole bytes, however far off it is.
func bytes(x float64) int64 {
	switch {
	case math.IsNaN(x):
		return 0
	case x >= math.MaxInt64:
		return math.MaxInt64
	case x <= math.MinInt64:
		return math.MinInt64
	default:
		return int64(math.Round(x))
	}
}
