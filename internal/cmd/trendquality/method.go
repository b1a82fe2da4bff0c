package main

import (
	"math"

	"github.com/highwater-dev/highwater/internal/stat"
	"github.com/highwater-dev/highwater/internal/trend"
)

// method looks at all results so far and says where the newest change is that it would
// tell somebody of, if any.
type method struct {
	name string
	find func(ys []float64) (at int, found bool)
}

var methods = []method{
	{"highwater", ours},
	{"10 % over median of 10", overMedian},
	{"10 % over previous", overPrevious},
	{"Perfherder", perfherder},
}

func ours(ys []float64) (int, bool) {
	s := series(ys)
	o := trend.For(s.Key)
	t := trend.Of(s, o)
	if n := len(t.Changes); n > 0 && math.Abs(t.Changes[n-1].Change) >= o.Threshold.Relative {
		return t.Changes[n-1].Index, true
	}
	return 0, false
}

func overMedian(ys []float64) (int, bool) {
	last := len(ys) - 1
	return last, off(stat.Median(ys[max(0, last-10):last]), ys[last]) >= 0.10
}

func overPrevious(ys []float64) (int, bool) {
	last := len(ys) - 1
	return last, off(ys[last-1], ys[last]) >= 0.10
}

func off(before, after float64) float64 { return math.Abs(after/before - 1) }
