package highwater

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Sizes in bytes. MB is the decimal unit, MiB the binary one; highwater
// accepts and distinguishes both everywhere.
const (
	KB  int64 = 1000
	MB        = 1000 * KB
	GB        = 1000 * MB
	KiB int64 = 1 << 10
	MiB       = 1 << 20
	GiB       = 1 << 30
)

// sizeUnits is ordered so that a longer suffix is tried before its own tail.
var sizeUnits = []struct {
	suffix string
	bytes  float64
}{
	{"tib", 1 << 40},
	{"gib", 1 << 30},
	{"mib", 1 << 20},
	{"kib", 1 << 10},
	{"tb", 1e12},
	{"gb", 1e9},
	{"mb", 1e6},
	{"kb", 1e3},
	{"b", 1},
}

// ParseSize reads a size such as 3MB, 64MiB, 2.5 MB or 1000000 (bytes). Units
// are case-insensitive. A negative, non-finite or unknown size is an error.
func ParseSize(s string) (int64, error) {
	text := strings.ToLower(strings.TrimSpace(s))
	scale := 1.0
	for _, u := range sizeUnits {
		if t, ok := strings.CutSuffix(text, u.suffix); ok {
			text, scale = strings.TrimSpace(t), u.bytes
			break
		}
	}
	n, err := parseNumber(text)
	if err != nil || n < 0 || n*scale >= math.MaxInt64 {
		return 0, fmt.Errorf("size %q: want a number with an optional unit, such as 3MB, 64MiB or 1000000", s)
	}
	return int64(math.Round(n * scale)), nil
}

// parseNumber accepts plain decimal numbers only: ParseFloat alone would also
// take hexadecimal floats, infinities and underscores.
func parseNumber(s string) (float64, error) {
	if s == "" || strings.Trim(s, "0123456789.") != "" {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return strconv.ParseFloat(s, 64)
}

// FormatBytes renders a number of bytes with a decimal unit and three
// significant digits: 319 KB, 2.50 MB.
func FormatBytes(n float64) string {
	a := math.Abs(n)
	switch {
	case math.IsNaN(n) || math.IsInf(n, 0):
		return "?"
	case a < 999.5:
		return strconv.FormatFloat(math.Round(n), 'f', 0, 64) + " B"
	case a < 999.5e3:
		return significant(n/1e3) + " KB"
	case a < 999.5e6:
		return significant(n/1e6) + " MB"
	default:
		return significant(n/1e9) + " GB"
	}
}

// significant renders x with three significant digits, without an exponent.
func significant(x float64) string {
	a := math.Abs(x)
	switch {
	case a == 0:
		return "0"
	case a < 9.995:
		return strconv.FormatFloat(x, 'f', 2, 64)
	case a < 99.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	default:
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
}
