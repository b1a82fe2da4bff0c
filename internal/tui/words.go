package tui

import (
	"math"
	"strconv"
	"time"

	"github.com/highwater-dev/highwater"
)

// none stands where a figure is not known; why is said elsewhere in the same view.
const none = "-"

func size(n int64) string { return highwater.FormatBytes(float64(n)) }

// known is a size that is never zero when it is known.
func known(n int64) string {
	if n <= 0 {
		return none
	}
	return size(n)
}

func signed(n int64) string {
	switch {
	case n > 0:
		return "+" + size(n)
	case n == 0:
		return "0"
	}
	return size(n)
}

// change is the ink of something that has grown or shrunk; the sign says it too.
func change(n int64) ink {
	switch {
	case n > 0:
		return inkWarn
	case n < 0:
		return inkGood
	}
	return inkDim
}

func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func signedCount(n int64) string {
	if n > 0 {
		return "+" + count(n)
	}
	return count(n)
}

func sizeRate(x float64) string {
	if !finite(x) {
		return none
	}
	return highwater.FormatBytes(x) + "/s"
}

func countRate(x float64) string {
	switch {
	case !finite(x):
		return none
	case x == 0 || x >= 10:
		return count(int64(math.Round(x))) + "/s"
	}
	return strconv.FormatFloat(x, 'f', 1, 64) + "/s"
}

func percent(x float64) string {
	switch p := x * 100; {
	case !finite(p):
		return none
	case p == 0 || p >= 9.95:
		return strconv.FormatFloat(p, 'f', 0, 64) + " %"
	case p < 0.05 && p > 0:
		return "<0.1 %"
	default:
		return strconv.FormatFloat(p, 'f', 1, 64) + " %"
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// span is a duration in the two largest units that tell something.
func span(d time.Duration) string {
	switch {
	case d < 0:
		return none
	case d < time.Microsecond:
		return strconv.FormatInt(int64(d), 10) + " ns"
	case d < time.Millisecond:
		return digits(float64(d)/1e3) + " µs"
	case d < time.Second:
		return digits(float64(d)/1e6) + " ms"
	case d < time.Minute:
		return digits(d.Seconds()) + " s"
	case d < time.Hour:
		return two(int64(d/time.Second), 60, "min", "s")
	case d < 24*time.Hour:
		return two(int64(d/time.Minute), 60, "h", "min")
	}
	return two(int64(d/time.Hour), 24, "d", "h")
}

// digits is three digits at most, and no more than tell something.
func digits(x float64) string {
	switch {
	case x == math.Trunc(x) || x >= 99.95:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 9.995:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

func two(n, per int64, large, small string) string {
	s := strconv.FormatInt(n/per, 10) + " " + large
	if n%per != 0 {
		s += " " + strconv.FormatInt(n%per, 10) + " " + small
	}
	return s
}

func clock(t time.Time) string { return t.Format("15:04:05") }

func number(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// why words what triggered a collection.
func why(w string) string {
	switch w {
	case highwater.WhyHeap, highwater.WhyForced, highwater.WhyTime:
		return w
	case "":
		return none
	}
	return clean(w)
}

// notSeen says why a figure is missing, where the figure would stand.
func (m *model) notSeen(qs ...highwater.Quantity) string {
	for _, q := range qs {
		if w := m.shown.Lacks(q); w != "" {
			return "not seen: " + clean(w)
		}
	}
	return ""
}
