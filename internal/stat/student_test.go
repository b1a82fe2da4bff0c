package stat

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestStudentQuantile is the table of critical values of the NIST/SEMATECH
// e-Handbook of Statistical Methods, section 1.3.6.7.2.
func TestStudentQuantile(t *testing.T) {
	levels := []float64{0.90, 0.95, 0.975, 0.99, 0.995, 0.999}
	for df, row := range map[float64][]float64{
		1:   {3.078, 6.314, 12.706, 31.821, 63.657, 318.309},
		2:   {1.886, 2.920, 4.303, 6.965, 9.925, 22.327},
		3:   {1.638, 2.353, 3.182, 4.541, 5.841, 10.215},
		4:   {1.533, 2.132, 2.776, 3.747, 4.604, 7.173},
		5:   {1.476, 2.015, 2.571, 3.365, 4.032, 5.893},
		10:  {1.372, 1.812, 2.228, 2.764, 3.169, 4.144},
		20:  {1.325, 1.725, 2.086, 2.528, 2.845, 3.552},
		30:  {1.310, 1.697, 2.042, 2.457, 2.750, 3.385},
		100: {1.290, 1.660, 1.984, 2.364, 2.626, 3.174},
		1e9: {1.282, 1.645, 1.960, 2.326, 2.576, 3.090},
	} {
		for i, p := range levels {
			got := StudentQuantile(p, df)
			if math.Abs(got-row[i]) > 0.00051 {
				t.Errorf("t(%v, %v) = %.4f, want %.3f", p, df, got, row[i])
			}
			near(t, "t by symmetry", StudentQuantile(1-p, df), -got, 1e-9)
			near(t, "CDF of the quantile", StudentCDF(got, df), p, 1e-12)
		}
	}
}

// TestStudentTail compares with the closed forms for one and two degrees of
// freedom, far into the tail.
func TestStudentTail(t *testing.T) {
	for _, x := range []float64{0, 0.1, 1, 2.5, 40, 1e3, 1e6} {
		near(t, "tail, 1 df", StudentTail(x, 1), math.Atan2(1, x)/math.Pi, 1e-12)
		r := math.Sqrt(2 + x*x)
		near(t, "tail, 2 df", StudentTail(x, 2), 1/(r*(r+x)), 1e-12)
		near(t, "lower tail", StudentTail(-x, 2), 1-1/(r*(r+x)), 1e-12)
	}
	near(t, "normal tail", StudentTail(1.959963984540054, math.Inf(1)), 0.025, 1e-12)
	near(t, "many degrees of freedom", StudentTail(2, 1e6), StudentTail(2, 1e9), 1e-5)
	near(t, "beyond all", StudentTail(math.Inf(1), 3), 0, 0)
	near(t, "below all", StudentTail(math.Inf(-1), 3), 1, 0)
	near(t, "no degrees of freedom", StudentTail(1, 0), math.NaN(), 0)
	near(t, "quantile of 1", StudentQuantile(1, 3), math.Inf(1), 0)
	near(t, "quantile of 1/2", StudentQuantile(0.5, 3), 0, 0)
	near(t, "quantile of 2", StudentQuantile(2, 3), math.NaN(), 0)
}

// TestIncompleteBeta has closed forms: I_x(a, 1) = x^a, and the symmetry.
func TestIncompleteBeta(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(1e-3, 1-1e-3).Draw(t, "x") // 1-x keeps its digits
		a, b := rapid.Float64Range(0.1, 50).Draw(t, "a"), rapid.Float64Range(0.1, 50).Draw(t, "b")
		if got, want := incompleteBeta(x, a, 1), math.Pow(x, a); math.Abs(got-want) > 1e-10 {
			t.Fatalf("I_%v(%v, 1) = %v, want %v", x, a, got, want)
		}
		if sum := incompleteBeta(x, a, b) + incompleteBeta(1-x, b, a); math.Abs(sum-1) > 1e-10 {
			t.Fatalf("I_%v(%v, %v) and its complement add up to %v", x, a, b, sum)
		}
	})
}
