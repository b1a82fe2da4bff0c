package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The two groups of Student's sleep data (Biometrika 6, 1908), as R has them.
var (
	sleep1 = []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	sleep2 = []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
)

// TestClassical: without a prior the comparison is the pooled t test, and the
// interval the textbook's. From R: t.test(extra ~ group, sleep, var.equal =
// TRUE) gives t = -1.8608, df = 18, p = 0.07919, interval -3.363874 0.203874.
func TestClassical(t *testing.T) {
	c := Prior{}.Compare(sleep2, sleep1)
	near(t, "difference", c.Difference, -1.58, 1e-9)
	near(t, "t", c.Difference/c.SE, -1.8608, 5e-5)
	near(t, "df", c.DF, 18, 0)
	near(t, "two-sided p", 2*c.PLess(0), 0.07919, 1e-4)
	near(t, "p both ways", c.PLess(0)+c.PMore(0), 1, 1e-12)
	i := c.Interval(0.95)
	near(t, "low", i.Low, -3.363874, 1e-6)
	near(t, "high", i.High, 0.203874, 1e-5)

	// From R: t.test(sleep$extra[11:20])$conf.int is 0.8976775 3.7623225.
	one := Prior{}.Mean(sleep2, 0.95)
	near(t, "one-sample low", one.Low, 0.8976775, 1e-7)
	near(t, "one-sample high", one.High, 3.7623225, 1e-7)
}

// TestModerated is computed by hand: s0 = 3 worth 4 degrees of freedom, values
// 10 and 14 with s² = 8 and one degree of freedom give (4·9 + 8)/5 = 8.8.
func TestModerated(t *testing.T) {
	p := Prior{SD: 3, DF: 4}
	near(t, "spread", p.Spread([]float64{10, 14}), math.Sqrt(8.8), 1e-12)
	i := p.Mean([]float64{10, 14}, 0.95)
	half := 2.5705818 * math.Sqrt(8.8/2) // t with 5 degrees of freedom
	near(t, "center", i.Center, 12, 0)
	near(t, "low", i.Low, 12-half, 1e-6)
	near(t, "high", i.High, 12+half, 1e-6)

	c := p.Compare([]float64{10, 14}, []float64{20}) // one value: the prior carries it
	near(t, "difference", c.Difference, 8, 0)
	near(t, "SE", c.SE, math.Sqrt(8.8*1.5), 1e-12)
	near(t, "df", c.DF, 5, 0)
	near(t, "p", c.PMore(2), StudentTail(6/math.Sqrt(13.2), 5), 1e-12)
}

func TestNothingToGoBy(t *testing.T) {
	i := Prior{}.Mean([]float64{5}, 0.95)
	if i.Center != 5 || !math.IsInf(i.Low, -1) || !math.IsInf(i.High, 1) {
		t.Errorf("one value without a prior: %+v, want an infinite interval", i)
	}
	c := Prior{}.Compare([]float64{5}, []float64{6})
	if p := c.PMore(0); !math.IsNaN(p) {
		t.Errorf("p of one value a side without a prior = %v, want NaN", p)
	}
	if i := (Prior{SD: 1, DF: 4}).Mean(nil, 0.95); !math.IsNaN(i.Center) {
		t.Errorf("interval of nothing: %+v", i)
	}
}

func TestNoSpread(t *testing.T) {
	p := Prior{DF: 4}
	if i := p.Mean([]float64{7, 7}, 0.95); i != (Interval{7, 7, 7}) {
		t.Errorf("equal values, prior of no spread: %+v", i)
	}
	c := p.Compare([]float64{7, 7}, []float64{8, 8})
	if c.PMore(0) != 0 || c.PLess(0) != 1 || c.PMore(1) != 0.5 || c.PMore(2) != 1 {
		t.Errorf("p = %v %v %v %v", c.PMore(0), c.PLess(0), c.PMore(1), c.PMore(2))
	}
}

// TestFalsePositiveRate draws from Smyth's model: the true variance is itself
// drawn around the prior's (d0·s0²/χ² with d0 degrees of freedom). The level is
// then exact for any number of repeats.
func TestFalsePositiveRate(t *testing.T) {
	const trials, alpha = 20000, 0.05
	rng := rand.New(rand.NewPCG(1, 2))
	prior := Prior{SD: 1, DF: 4}
	for _, n := range []int{1, 2, 5} {
		var alarms, missed int
		for range trials {
			var chi float64
			for range int(prior.DF) {
				z := rng.NormFloat64()
				chi += z * z
			}
			sd := prior.SD * math.Sqrt(prior.DF/chi)
			a, b := draw(rng, n, 100, sd), draw(rng, n, 100, sd)
			if prior.Compare(a, b).PMore(0) < alpha {
				alarms++
			}
			if i := prior.Mean(a, 1-alpha); i.Low > 100 || i.High < 100 {
				missed++
			}
		}
		// Three standard errors of a proportion of 0.05.
		slack := 3 * math.Sqrt(alpha*(1-alpha)/trials)
		if rate := float64(alarms) / trials; math.Abs(rate-alpha) > slack {
			t.Errorf("n = %d: %.4f false alarms, want %.2f", n, rate, alpha)
		}
		if rate := float64(missed) / trials; math.Abs(rate-alpha) > slack {
			t.Errorf("n = %d: %.4f of the intervals miss the mean, want %.2f", n, rate, alpha)
		}
	}
}

// TestPower: with the spread that the prior expects, two repeats a side find a
// shift of eight standard deviations nearly always, and ten one of two.
func TestPower(t *testing.T) {
	const trials = 2000
	rng := rand.New(rand.NewPCG(3, 4))
	prior := Prior{SD: 1, DF: 4}
	for _, c := range []struct {
		n     int
		shift float64
		least float64
	}{{2, 8, 0.99}, {10, 2, 0.97}} {
		var found int
		for range trials {
			if prior.Compare(draw(rng, c.n, 0, 1), draw(rng, c.n, c.shift, 1)).PMore(0) < 0.01 {
				found++
			}
		}
		if rate := float64(found) / trials; rate < c.least {
			t.Errorf("n = %d: a shift of %v sd found in %.3f, want %.2f", c.n, c.shift, rate, c.least)
		}
	}
}

func draw(rng *rand.Rand, n int, mean, sd float64) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = mean + sd*rng.NormFloat64()
	}
	return xs
}

func TestRepeats(t *testing.T) {
	// A bound one standard deviation away at the one-sided level 0.025 and no
	// prior: t(5)/√6 = 1.049 and t(6)/√7 = 0.925, so seven.
	if n, ok := Repeats(1, 0, 1, 0.025, 0); n != 7 || !ok {
		t.Errorf("Repeats = %d %v, want 7", n, ok)
	}
	// Enough by the prior alone.
	if n, ok := Repeats(1, 4, 100, 0.025, 3); n != 1 || !ok {
		t.Errorf("Repeats = %d %v, want 1", n, ok)
	}
	// The reference's own uncertainty is larger than the distance.
	if n, ok := Repeats(1, 4, 0.5, 0.025, 2); ok {
		t.Errorf("Repeats = %d, want none to be enough", n)
	}
	if n, ok := Repeats(1, 4, 0, 0.025, 0); ok {
		t.Errorf("on the bound: Repeats = %d, want none to be enough", n)
	}
}
