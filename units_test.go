package highwater_test

import (
	"math"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1000000": 1e6, "3MB": 3e6, "3mb": 3e6, "3 MB": 3e6, " 3MB ": 3e6, "64MiB": 64 << 20, "64 mib": 64 << 20,
		"2.5 MB": 2.5e6, "1.5KiB": 1536, "1kb": 1000, "1KiB": 1024, "1GB": 1e9, "1GiB": 1 << 30, "1TB": 1e12, "1TiB": 1 << 40,
		"7B": 7, "7 b": 7, "0.4": 0, "0.5": 1, ".5MB": 500_000, "3.MB": 3e6, "8388607TiB": 8388607 << 40,
	} {
		if got, err := highwater.ParseSize(text); err != nil || got != want {
			t.Errorf("%q: got %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", " ", "MB", "-1", "-3MB", "+3MB", "3M", "3 M B", "3MBB", "3MB MB", "1e6", "0x10", "1_000", "1,5MB", "1.2.3", ".",
		"Inf", "NaN", "infinity", "9223372036854775808", "8388608TiB", "1" + strings.Repeat("0", 400), "3MiB\x00", "٣MB",
	} {
		got, err := highwater.ParseSize(text)
		if err == nil {
			t.Errorf("%q: got %d, want an error", text, got)
		} else if !strings.Contains(err.Error(), "3MB, 64MiB or 1000000") {
			t.Errorf("%q: %v does not say what to write", text, err)
		}
	}
}

func FuzzParseSize(f *testing.F) {
	for _, s := range []string{"3MB", "64MiB", "1000000", "2.5 KB", "-1", "1e9", "9223372036854775807"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := highwater.ParseSize(s)
		if err != nil {
			if n != 0 {
				t.Errorf("%q: %d and an error", s, n)
			}
			return
		}
		if n < 0 || !strings.ContainsAny(s, "0123456789") || strings.ContainsAny(s, "-+_xX") {
			t.Errorf("%q: got %d", s, n)
		}
		if got := highwater.FormatBytes(float64(n)); strings.Contains(got, "?") {
			t.Errorf("%d is written as %s", n, got)
		}
	})
}

func TestFormatBytes(t *testing.T) {
	for _, c := range []struct {
		n    float64
		want string
	}{
		{0, "0 B"},
		{1, "1 B"},
		{-17, "-17 B"},
		{999, "999 B"},
		{999.5, "1.00 KB"},
		{1000, "1.00 KB"},
		{319_000, "319 KB"},
		{9994, "9.99 KB"},
		{9995, "10.0 KB"},
		{99_950, "100 KB"}, // three digits at the edges, too
		{999_499, "999 KB"},
		{999_500, "1.00 MB"},
		{2.5e6, "2.50 MB"},
		{-2.5e6, "-2.50 MB"},
		{12.34e9, "12.3 GB"},
		{5e12, "5000 GB"},
		{math.NaN(), "?"},
		{math.Inf(1), "?"},
		{math.Inf(-1), "?"},
	} {
		if got := highwater.FormatBytes(c.n); got != c.want {
			t.Errorf("%v: got %q, want %q", c.n, got, c.want)
		}
	}
}
