package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestTheilSenOfSen has the data of Sen (1968): slope 4, and the interval at 93 %
// from 26/7 to 35/8, as the test of the R package deming corrects the paper's.
func TestTheilSenOfSen(t *testing.T) {
	i := TheilSen([]float64{1, 2, 3, 4, 10, 12, 18}, []float64{9, 15, 19, 20, 45, 55, 78}, 0.93)
	near(t, "slope", i.Center, 4, 1e-12)
	near(t, "low", i.Low, 26.0/7, 1e-12)
	near(t, "high", i.High, 35.0/8, 1e-12)
}

// TestTheilSenTies is the example of ci.theil in the R package statpsych: slope
// 0.5. Its interval, 0.3243 to 0.75, is that of ranks 31 of 101 from either end,
// with a rounder correction for ties; Sen's is one rank wider on both sides.
func TestTheilSenTies(t *testing.T) {
	y := []float64{21, 4, 9, 12, 35, 18, 10, 22, 24, 1, 6, 8, 13, 16, 19}
	x := []float64{67, 28, 30, 28, 52, 40, 25, 37, 44, 10, 14, 20, 28, 40, 51}
	i := TheilSen(x, y, 0.95)
	near(t, "slope", i.Center, 0.5, 1e-12)
	near(t, "low", i.Low, 7.0/23, 1e-12)
	near(t, "high", i.High, 29.0/38, 1e-12)
}

// TestTheilSenHollander is example 9.1 of Hollander, Wolfe and Chicken,
// Nonparametric Statistical Methods: the ten slopes can be counted by hand. At
// 90 % the ranks are (10 - 1.645·√(5·4·15/18))/2 = 1.6 from either end.
func TestTheilSenHollander(t *testing.T) {
	i := TheilSen([]float64{1, 2, 3, 4, 5}, []float64{1.26, 1.27, 1.12, 1.16, 1.03}, 0.90)
	near(t, "slope", i.Center, (-0.0575-0.055)/2, 1e-9)
	near(t, "low", i.Low, -0.15, 1e-9)
	near(t, "high", i.High, 0.04, 1e-9)
}

func TestTheilSenOfLittle(t *testing.T) {
	i := TheilSen([]float64{1, 2, 3}, []float64{5, 6, 7}, 0.95)
	if i.Center != 1 || !math.IsInf(i.Low, -1) || !math.IsInf(i.High, 1) {
		t.Errorf("three points: %+v, want a slope of 1 and no certainty", i)
	}
	if i := TheilSen([]float64{2, 2}, []float64{1, 9}, 0.95); !math.IsNaN(i.Center) || !math.IsInf(i.Low, -1) {
		t.Errorf("one x: %+v", i)
	}
	if i := TheilSen(nil, nil, 0.95); !math.IsNaN(i.Center) {
		t.Errorf("nothing: %+v", i)
	}
}

// TestTheilSenCoverage: the interval holds the true slope in 95 % of the trends,
// also with a fifth of the points far off.
func TestTheilSenCoverage(t *testing.T) {
	const trials = 3000
	rng := rand.New(rand.NewPCG(9, 10))
	var covered int
	for range trials {
		xs, ys := make([]float64, 12), make([]float64, 12)
		for i := range xs {
			xs[i] = float64(i)
			ys[i] = 3*xs[i] + rng.NormFloat64()
			if rng.IntN(5) == 0 {
				ys[i] += 50 * rng.NormFloat64()
			}
		}
		if i := TheilSen(xs, ys, 0.95); i.Low <= 3 && 3 <= i.High {
			covered++
		}
	}
	if rate := float64(covered) / trials; rate < 0.94 || rate > 0.985 {
		t.Errorf("%.3f of the intervals hold the slope, want about 0.95", rate)
	}
}

// TestKendall has R's example of cor.test (Hollander and Wolfe 1973, tuna): tau
// is 0.4444444; and one with ties, counted by hand: 12 of 15 pairs concordant,
// none discordant, three tied in y, so 12/√(15·12).
func TestKendall(t *testing.T) {
	near(t, "tau", Kendall(
		[]float64{44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1},
		[]float64{2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8}), 4.0/9, 1e-12)
	near(t, "tau-b", Kendall([]float64{1, 2, 3, 4, 5, 6}, []float64{1, 1, 2, 2, 3, 3}), 12/math.Sqrt(15*12), 1e-12)
	near(t, "falling", Kendall([]float64{1, 2, 3}, []float64{9, 4, 1}), -1, 1e-12)
	near(t, "flat", Kendall([]float64{1, 2, 3}, []float64{4, 4, 4}), math.NaN(), 0)
}

// TestSeries: two repeats on different levels have one slope, and taken for one
// series they have none.
func TestSeries(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5, 6}
	a := Series{x, []float64{10, 12, 14, 16, 18, 20}}
	b := Series{x, []float64{1010, 1012, 1014, 1016, 1018, 1020}}
	near(t, "tau", Tau(a, b), 1, 1e-12)
	i := Slope(0.95, a, b)
	if i != (Interval{2, 2, 2}) {
		t.Errorf("slope of two repeats: %+v, want 2 exactly", i)
	}
	if i := Slope(0.95); !math.IsNaN(i.Center) {
		t.Errorf("slope of nothing: %+v", i)
	}
}

// TestFitLine: a line without noise is found exactly, and white noise has the standard
// error of least squares, by hand: noise over the root of the sum of squares of x.
func TestFitLine(t *testing.T) {
	f := FitLine([]float64{0, 1, 2, 3, 4}, []float64{1, 3, 5, 7, 9})
	near(t, "slope", f.Slope, 2, 1e-12)
	near(t, "intercept", f.Intercept, 1, 1e-12)
	near(t, "error", f.SE, 0, 1e-12)
	if f := FitLine([]float64{1, 1}, []float64{2, 3}); !math.IsNaN(f.Slope) {
		t.Errorf("one x: slope %v", f.Slope)
	}
	_, by := Blocks([]float64{0, 1, 2, 3, 4, 5, 6}, []float64{9, 1, 2, 3, 0, 8, 7}, 3)
	if len(by) != 2 || by[0] != 2.5 || by[1] != 7 {
		t.Errorf("blocks %v, want 2.5 and 7", by)
	}
	rises, falls, z := Signs([]float64{1, 2, 2, 3, 1, 5})
	if rises != 3 || falls != 1 {
		t.Errorf("%d rises, %d falls", rises, falls)
	}
	near(t, "z", z, 1, 1e-12)
}

// TestFitLineCoverage: the interval holds the slope in about 95 % of series, also where
// each point of the noise keeps half of the one before.
func TestFitLineCoverage(t *testing.T) {
	for _, phi := range []float64{0, 0.5} {
		rng := rand.New(rand.NewPCG(13, 14))
		covered := 0
		const trials = 800
		for range trials {
			xs, ys := make([]float64, 24), make([]float64, 24)
			e := rng.NormFloat64()
			for i := range xs {
				e = phi*e + math.Sqrt(1-phi*phi)*rng.NormFloat64()
				xs[i], ys[i] = float64(i), 3*float64(i)+e
			}
			if i := FitLine(xs, ys).Interval(0.95); i.Low <= 3 && 3 <= i.High {
				covered++
			}
		}
		if rate := float64(covered) / trials; rate < 0.9 {
			t.Errorf("phi %v: %.3f of the intervals hold the slope", phi, rate)
		}
	}
}
