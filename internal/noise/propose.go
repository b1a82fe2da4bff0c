package noise

import (
	"fmt"
	"math"
	"strconv"

	"github.com/highwater-dev/highwater"
)

// leastRelative is the smallest relative threshold that is proposed. Repeats of one
// run differ less than those of different days.
const leastRelative = 0.01

// leastFloor is the smallest floor that is proposed, for the same reason: what a metric
// resolves of memory that is held, and of other figures a quarter of their usual floor.
func leastFloor(m highwater.Metric) float64 {
	if m.Unit == highwater.UnitBytesPerSession {
		return m.PriorAbs
	}
	return math.Max(m.PriorAbs, m.Relative.Floor/4)
}

// propose returns a threshold that is at least its own margin at that mean, so that a
// change of twice its size is found: the one in force made wider or, where the tightest
// is asked for, one made of the margin alone.
func propose(m highwater.Metric, mean float64, margin func(highwater.Threshold) float64, inForce highwater.Threshold, tightest bool) highwater.Threshold {
	t := inForce
	if tightest {
		t = highwater.Threshold{Relative: leastRelative}
	}
	// A wider threshold has a slightly larger margin, so that one round may not do.
	for range 10 {
		need := margin(t)
		relative, floor := math.Inf(1), math.Max(roundUp(need, m), leastFloor(m))
		if size := math.Abs(mean); size > 0 {
			relative = roundRatio(math.Max(need/size, leastRelative))
		}
		switch {
		case relative > 1: // beyond the figure's own size a percentage says nothing
			t = highwater.Threshold{Relative: relativeOf(inForce, m), Floor: floor}
		case tightest:
			t = highwater.Threshold{Relative: relative, Floor: floor}
		default:
			t = highwater.Threshold{Relative: math.Max(relative, inForce.Relative), Floor: inForce.Floor}
		}
		if t.Allowance(mean) >= margin(t) {
			break
		}
	}
	return t
}

// relativeOf is the relative part in force, or the metric's own where there is only a
// floor.
func relativeOf(t highwater.Threshold, m highwater.Metric) float64 {
	if t.Relative > 0 {
		return t.Relative
	}
	return m.Relative.Relative
}

// ratios are the percentages that a person would write.
var ratios = []float64{1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100}

// roundRatio rounds a ratio up to such a percentage, and to a whole hundred above
// all of them.
func roundRatio(r float64) float64 {
	for _, p := range ratios {
		if r <= p/100*(1+1e-9) {
			return p / 100
		}
	}
	return math.Ceil(r)
}

// steps are the leading digits that a person would write.
var steps = []float64{1, 1.5, 2, 3, 4, 5, 6, 8, 10}

// roundUp rounds a floor up to a number of one or two digits: of bytes to whole
// ones, since sizes have no fraction.
func roundUp(v float64, m highwater.Metric) float64 {
	if !(v > 0) || math.IsInf(v, 0) {
		return 0
	}
	ten := math.Pow(10, math.Floor(math.Log10(v)))
	for _, s := range steps {
		if rounded := s * ten; v <= rounded*(1+1e-9) {
			if inBytes(m) {
				return math.Ceil(rounded - 1e-9)
			}
			// The product may have digits that the number has not.
			short, _ := strconv.ParseFloat(strconv.FormatFloat(rounded, 'g', 2, 64), 64)
			return short
		}
	}
	return 10 * ten
}

func inBytes(m highwater.Metric) bool {
	switch m.Unit {
	case highwater.UnitBytes, highwater.UnitBytesPerSession, highwater.UnitBytesPerOp:
		return true
	}
	return false
}

// Words renders a threshold of the metric as a person would write it, and as
// [highwater.ParseThreshold] reads it: 10%|64KiB.
func Words(m highwater.Metric, t highwater.Threshold) string {
	if !inBytes(m) || t.Floor <= 0 {
		return t.String()
	}
	relative := highwater.Threshold{Relative: t.Relative}.String()
	for _, u := range []struct {
		bytes int64
		name  string
	}{
		{highwater.MiB, "MiB"}, {highwater.KiB, "KiB"}, {highwater.MB, "MB"}, {highwater.KB, "KB"},
	} {
		if n := t.Floor / float64(u.bytes); n >= 1 && n == math.Trunc(n) && n < 10000 {
			return fmt.Sprintf("%s|%.0f%s", relative, n, u.name)
		}
	}
	return t.String()
}
