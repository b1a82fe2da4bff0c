package main

import (
	"math"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
	"github.com/highwater-dev/highwater/internal/trend"
)

// method looks at all results so far and says where the newest change is that it would
// tell somebody of, if any.
type method struct {
	name string
	find func(ys []float64) (at int, found bool)
}

// The plain rules compare the newest result with the median of the ten before it, and
// with the one before it.
var methods = []method{
	{"highwater", ours(0.10)},
	{"highwater at 2 %", ours(0.02)},
	{"10 %, median 10", overMedian},
	{"10 %, previous", overPrevious},
	{"Perfherder", perfherder},
}

// ours tells of steps from a threshold on; 2 % is what Perfherder is told of.
func ours(threshold float64) func(ys []float64) (int, bool) {
	return func(ys []float64) (int, bool) {
		s := series(ys)
		o := trend.For(s.Key)
		o.Threshold = highwater.Threshold{Relative: threshold}
		t := trend.Of(s, o)
		if n := len(t.Changes); n > 0 && math.Abs(t.Changes[n-1].Change) >= threshold {
			return t.Changes[n-1].Index, true
		}
		return 0, false
	}
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
