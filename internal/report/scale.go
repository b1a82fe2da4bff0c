package report

import (
	"fmt"
	"math"
	"strconv"
)

// scale is one axis: what it spans, and where it is marked.
type scale struct {
	low, high float64
	ticks     []tick
}

type tick struct {
	at    float64
	label string
}

// part is where on the axis a value is, from 0 to 1.
func (s scale) part(v float64) float64 {
	if s.high <= s.low {
		return 0
	}
	return min(max((v-s.low)/(s.high-s.low), 0), 1)
}

// unit words the ticks of an axis that are step apart and at most most.
type unit func(at, step, most float64) string

// narrowest is the least part of the greatest value that an axis spans: drawn from
// its lowest value to its highest, any noise looks like mountains.
const narrowest = 0.1

// valueScale spans all the values, from zero if asked for, with about n ticks.
func valueScale(series [][]float64, zero bool, n int, word unit) scale {
	low, high := math.Inf(1), math.Inf(-1)
	for _, values := range series {
		for _, v := range values {
			if finite(v) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if low > high {
		low, high = 0, 1
	}
	if zero {
		low, high = min(low, 0), max(high, 0)
	}
	if least := narrowest * max(math.Abs(low), math.Abs(high)); high-low < least {
		middle := (low + high) / 2
		low, high = middle-least/2, middle+least/2
	}
	if high <= low {
		high = low + 1
	}
	step := niceStep((high - low) / float64(max(n, 1)))
	s := scale{low: math.Floor(low/step) * step, high: math.Ceil(high/step) * step}
	most := max(math.Abs(s.low), math.Abs(s.high))
	for i := range 50 {
		at := s.low + float64(i)*step
		if at > s.high+step/2 {
			break
		}
		s.ticks = append(s.ticks, tick{at, word(at, step, most)})
	}
	return s
}

// niceStep is the next of 1, 2 and 5 times a power of ten.
func niceStep(raw float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= raw*0.999 {
			return m * power
		}
	}
	return 10 * power
}

// timeSteps are in seconds what people count time by.
var timeSteps = []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800}

// timeScale spans from 0 to end, in seconds, with at most n steps.
func timeScale(end float64, n int) scale {
	if !(end > 0) {
		end = 1
	}
	step := 0.0
	for _, t := range timeSteps {
		if step = t; end/t <= float64(n) {
			break
		}
	}
	for end/step > float64(n) {
		step *= 2
	}
	s := scale{high: end}
	name, size := "s", 1.0
	switch {
	case step >= 86400:
		name, size = "d", 86400
	case step >= 3600:
		name, size = "h", 3600
	case step >= 60:
		name, size = "min", 60
	}
	for i := 0; float64(i)*step <= end*1.0001; i++ {
		at := float64(i) * step
		label := strconv.FormatFloat(at/size, 'f', -1, 64) + " " + name
		if i == 0 {
			label = "0"
		}
		s.ticks = append(s.ticks, tick{at, label})
	}
	return s
}

// decimals is how many it takes to tell ticks apart.
func decimals(step float64) int {
	return min(max(int(math.Ceil(-math.Log10(step)-1e-9)), 0), 6)
}

// scaled words a value in the largest unit that the axis has a whole one of.
func scaled(at, step, most float64, sizes []float64, names []string) string {
	i := 0
	for i < len(sizes)-1 && most < sizes[i] {
		i++
	}
	if at == 0 {
		return "0"
	}
	return strconv.FormatFloat(at/sizes[i], 'f', decimals(step/sizes[i]), 64) + " " + names[i]
}

func byteUnit(at, step, most float64) string {
	return scaled(at, step, most, []float64{1e12, 1e9, 1e6, 1e3, 1}, []string{"TB", "GB", "MB", "KB", "B"})
}

func timeUnit(at, step, most float64) string {
	return scaled(at, step, most, []float64{1, 1e-3, 1e-6, 1e-9}, []string{"s", "ms", "µs", "ns"})
}

func countUnit(at, step, most float64) string {
	if most >= 1e6 {
		return scaled(at, step, most, []float64{1e9, 1e6}, []string{"G", "M"})
	}
	if d := decimals(step); d > 0 {
		return strconv.FormatFloat(at, 'f', d, 64)
	}
	return grouped(int64(math.Round(at)))
}

func rateUnit(at, step, most float64) string { return fmt.Sprintf("%s/s", countUnit(at, step, most)) }
