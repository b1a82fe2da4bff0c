package stat

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// near fails unless got is within a relative tolerance of want, or equal to it.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if got == want || math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= tolerance*math.Max(1e-300, math.Abs(want))) {
		t.Errorf("%s = %.10g, want %.10g", what, got, want)
	}
}

// TestNumAcc uses NIST's Statistical Reference Datasets for univariate
// summaries, whose certified values are exact.
func TestNumAcc(t *testing.T) {
	numAcc1 := []float64{10000001, 10000003, 10000002}
	near(t, "mean of NumAcc1", Mean(numAcc1), 10000002, 0)
	near(t, "sd of NumAcc1", SD(numAcc1), 1, 0)

	// NumAcc2 is 1.2, then 1.1 and 1.3 five hundred times; NumAcc3 and NumAcc4
	// are the same over 10^6 and 10^7.
	for base, tolerance := range map[float64]float64{1: 1e-14, 1e6: 1e-9, 1e7: 1e-7} {
		xs := []float64{base + 0.2}
		for range 500 {
			xs = append(xs, base+0.1, base+0.3)
		}
		near(t, "mean of NumAcc", Mean(xs), base+0.2, 1e-14)
		near(t, "sd of NumAcc", SD(xs), 0.1, tolerance)
	}
}

// TestQuantile has its figures from R: quantile(x, p, type = 7).
func TestQuantile(t *testing.T) {
	xs := []float64{9, 1, 8, 2, 7, 3, 6, 4, 5, 10}
	for p, want := range map[float64]float64{0: 1, 0.05: 1.45, 0.25: 3.25, 0.5: 5.5, 0.9: 9.1, 0.95: 9.55, 1: 10} {
		near(t, "quantile", Quantile(xs, p), want, 1e-12)
	}
	if !slices.Equal(xs, []float64{9, 1, 8, 2, 7, 3, 6, 4, 5, 10}) {
		t.Error("the sample was reordered")
	}
	near(t, "median of one", Median([]float64{4}), 4, 0)
	near(t, "median of an odd number", Median([]float64{3, 1, 2}), 2, 0)
	near(t, "median of nothing", Median(nil), math.NaN(), 0)
	near(t, "quantile beyond 1", Quantile(xs, 1.1), math.NaN(), 0)
}

// TestMAD has R's example: mad(c(1:9)) is 2 * 1.4826.
func TestMAD(t *testing.T) {
	near(t, "MAD", MAD([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}), 2, 0)
	near(t, "MAD with an outlier", MAD([]float64{1, 1, 2, 2, 4, 6, 9e9}), 1, 0)
	near(t, "NormalMAD", NormalMAD, 1/NormalQuantile(0.75), 1e-12)
}

func TestTooFew(t *testing.T) {
	near(t, "mean of nothing", Mean(nil), math.NaN(), 0)
	near(t, "sd of one", SD([]float64{1}), math.NaN(), 0)
}

func TestQuantileIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(-1e12, 1e12), 1, 20).Draw(t, "xs")
		p, q := rapid.Float64Range(0, 1).Draw(t, "p"), rapid.Float64Range(0, 1).Draw(t, "q")
		if p > q {
			p, q = q, p
		}
		low, high := Quantile(xs, p), Quantile(xs, q)
		slack := 1e-9 * (slices.Max(xs) - slices.Min(xs))
		if low > high+slack || low < slices.Min(xs)-slack || high > slices.Max(xs)+slack {
			t.Fatalf("quantiles %v and %v out of order or out of range", low, high)
		}
	})
}

func TestWinsorise(t *testing.T) {
	for _, c := range []struct {
		name     string
		xs, want []float64
	}{
		{"one stray of ten", []float64{4, 4, 4, 4, 4, 4, 4, 4, 4, 100}, []float64{4, 4, 4, 4, 4, 4, 4, 4, 4, 8}},
		{"below, too", []float64{50, 50, 50, 0}, []float64{50, 50, 50, 46}},
		// The median is 3 and the MAD 1, so that 1.48 × 4 is allowed.
		{"the spread counts", []float64{1, 2, 3, 4, 50}, []float64{1, 2, 3, 4, 3 + 4*NormalMAD}},
		{"two of five are no strays", []float64{4, 4, 4, 90, 100}, []float64{4, 4, 4, 90, 100}},
		{"of three, one is none", []float64{4, 4, 100}, []float64{4, 4, 100}},
		{"one", []float64{7}, []float64{7}},
		{"none", nil, nil},
	} {
		given := slices.Clone(c.xs)
		close := func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }
		if got := Winsorise(c.xs, 4, 1); !slices.EqualFunc(got, c.want, close) || !slices.Equal(c.xs, given) {
			t.Errorf("%s: got %v, want %v; the argument is now %v", c.name, got, c.want, c.xs)
		}
	}
}
