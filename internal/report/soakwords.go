package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// span is a time that people wait for: 45 s, 29 min 55 s, 2 h 5 min, 3 d 4 h.
func span(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	two := func(a int64, one string, b int64, other string) string {
		if b == 0 {
			return fmt.Sprintf("%d %s", a, one)
		}
		return fmt.Sprintf("%d %s %d %s", a, one, b, other)
	}
	switch {
	case d < 0:
		return "?"
	case d < 10*time.Second && d%time.Second != 0:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 3600:
		return two(s/60, "min", s%60, "s")
	case s < 48*3600:
		return two(s/3600, "h", s%3600/60, "min")
	default:
		return two(s/86400, "d", s%86400/3600, "h")
	}
}

// latency is a time that machines take, with three digits: 850 µs, 1.24 ms.
func latency(d time.Duration) string {
	n := float64(d)
	switch {
	case n < 0:
		return "?"
	case n < 999.5:
		return fmt.Sprintf("%d ns", d)
	case n < 999.5e3:
		return digits(n/1e3) + " µs"
	case n < 999.5e6:
		return digits(n/1e6) + " ms"
	default:
		return digits(n/1e9) + " s"
	}
}

// digits renders a number with about three digits, and none that say nothing.
func digits(x float64) string {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "?"
	case a == 0:
		return "0"
	case a < 9.995:
		return strconv.FormatFloat(x, 'f', 2, 64)
	case a < 99.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	default:
		return grouped(int64(math.Round(min(max(x, -1e18), 1e18))))
	}
}

// grouped is a count with its thousands set apart: 1,234,567.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// plus gives a positive figure its sign, as growth has.
func plus(x float64, text string) string {
	if x > 0 {
		return "+" + text
	}
	return text
}

// sizeOf is a size that may be a part of a byte, as growth by operation often is.
func sizeOf(x float64) string {
	switch a := math.Abs(x); {
	case a < 0.00005:
		return "0 B"
	case a >= 99.95:
		return highwater.FormatBytes(x)
	case a < 0.0995:
		return strconv.FormatFloat(x, 'g', 2, 64) + " B"
	default:
		return digits(x) + " B"
	}
}

func growing(x float64) string {
	if !finite(x) {
		return "?"
	}
	return plus(x, sizeOf(x))
}

// within words an estimate and its interval, each with the words of one figure:
// +480 KB/h (+450 KB to +510 KB).
func within(r highwater.Rate, per string, word func(float64) string) string {
	return word(r.Center) + per + " (" + word(r.Low) + " to " + word(r.High) + ")"
}

// percentage is a signed number of percent. Other than in change, it is no ratio.
func percentage(x float64) string { return change(x / 100) }

// quantities are the names of what has a course over time.
var quantities = map[highwater.Quantity]string{
	highwater.QuantityLive: "live memory", highwater.QuantitySites: "allocation sites", highwater.QuantityRSS: "resident memory",
	highwater.QuantityOffHeap: "off-heap memory", highwater.QuantityGoroutines: "goroutines", highwater.QuantityThreads: "threads",
	highwater.QuantityFDs: "descriptors", highwater.QuantityChildren: "child processes", highwater.QuantityOps: "operations",
}

// quantity names one, also such as this version does not know.
func quantity(q highwater.Quantity) string {
	if n, ok := quantities[q]; ok {
		return n
	}
	if q == "" {
		return quantities[highwater.QuantityLive]
	}
	return name(strings.ReplaceAll(string(q), "_", " "))
}
