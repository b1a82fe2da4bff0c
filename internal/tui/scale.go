package tui

import (
	"math"
	"strconv"
)

// scale is an axis from zero to a round number.
type scale struct {
	high, step float64
	word       func(at float64) string
}

// scaleTo spans 0 to at least most, with about n steps.
func scaleTo(most float64, n int, word func(float64) string) scale {
	if !(most > 0) || math.IsInf(most, 0) {
		most = 1
	}
	raw := most / float64(max(n, 1))
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range []float64{1, 2, 5} {
		if m*power >= raw*0.999 {
			step = m * power
			break
		}
	}
	return scale{math.Ceil(most/step*0.9999) * step, step, word}
}

// sizeTick words a value on an axis, without digits that tell nothing.
func sizeTick(at float64) string {
	for _, u := range []struct {
		per  float64
		name string
	}{{1e12, " TB"}, {1e9, " GB"}, {1e6, " MB"}, {1e3, " KB"}} {
		if at >= u.per*0.9999 {
			return strconv.FormatFloat(math.Round(at/u.per*100)/100, 'f', -1, 64) + u.name
		}
	}
	return strconv.FormatFloat(math.Round(at*100)/100, 'f', -1, 64)
}

func rateTick(at float64) string { return sizeTick(at) + "/s" }

// shareTick has a decimal, and more where the first two digits are behind it.
func shareTick(at float64) string {
	p, tenth := at*100, 10.0
	if p > 0 && p < 1 {
		tenth = math.Pow(10, 1-math.Floor(math.Log10(p)))
	}
	return strconv.FormatFloat(math.Round(p*tenth)/tenth, 'f', -1, 64) + " %"
}

func countTick(at float64) string {
	if at >= 1e6 {
		return strconv.FormatFloat(math.Round(at/1e4)/100, 'f', -1, 64) + " M"
	}
	return count(int64(math.Round(at)))
}
