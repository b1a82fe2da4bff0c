package stat

import (
	"math"
	"testing"
)

// From R: pchisq(3.84, 1), pchisq(10, 19), pchisq(30, 19), pchisq(200, 100).
func TestChiSquareCDF(t *testing.T) {
	for _, c := range []struct{ x, df, want float64 }{
		{3.841458820694124, 1, 0.95},
		{10.117013063859044, 19, 0.05},
		{30.14352720564616, 19, 0.95},
		{124.342113404004, 100, 0.95},
		{2, 2, 1 - math.Exp(-1)},
		{0, 3, 0},
		{-1, 3, 0},
		{math.Inf(1), 3, 1},
	} {
		near(t, "CDF", ChiSquareCDF(c.x, c.df), c.want, 1e-10)
	}
	if p := ChiSquareCDF(1, 0); !math.IsNaN(p) {
		t.Errorf("no degrees of freedom: %v, want NaN", p)
	}
}

// The quantiles are those of the tables in every textbook, from R: qchisq(p, df).
func TestChiSquareQuantile(t *testing.T) {
	for _, c := range []struct{ p, df, want float64 }{
		{0.05, 2, 0.1025865887751011},
		{0.05, 19, 10.117013063859044},
		{0.95, 1, 3.841458820694124},
		{0.975, 9, 19.02276779864163},
		{0.5, 1000, 999.3333},
		{0, 5, 0},
	} {
		near(t, "quantile", ChiSquareQuantile(c.p, c.df), c.want, 1e-4)
	}
}

func TestSDFactor(t *testing.T) {
	near(t, "of 3", SDFactor(3, 0.95), math.Sqrt(2/0.1025865887751011), 1e-9)
	near(t, "of 20", SDFactor(20, 0.95), math.Sqrt(19/10.117013063859044), 1e-9)
	if f := SDFactor(1, 0.95); !math.IsInf(f, 1) {
		t.Errorf("of one value: %v, want no bound", f)
	}
	low, high := SDBounds([]float64{1, 2, 3}, 0.95)
	near(t, "upper", high, SDFactor(3, 0.95), 1e-12)
	near(t, "lower", low, math.Sqrt(2/5.991464547107979), 1e-9)
	if low, high := SDBounds([]float64{1}, 0.95); low != 0 || !math.IsInf(high, 1) {
		t.Errorf("of one value: %v to %v", low, high)
	}
}
