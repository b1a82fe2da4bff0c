package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Without any spread but the prior's, the margin is the critical value itself: no
// chance is left but that of the test. By hand: t(0.99, 4+5) = 2.821438 and
// √(1/5+1/2) = 0.836660, with a moderated deviation of √(4/9)·0.3 = 0.2.
func TestDetectableByHand(t *testing.T) {
	got := Prior{SD: 0.3, DF: 4}.Detectable(0, 0, 5, 2, 0.01, 0.95)
	near(t, "margin", got, 2.821438*0.836660*0.2, 1e-5)
}

// With very many values the spread is known, and the margin is the textbook's
// (z(alpha) + z(beta))·σ·√(2/n).
func TestDetectableOfMany(t *testing.T) {
	const n = 100000
	got := Prior{SD: 1, DF: 4}.Detectable(3, 0, n, n, 0.01, 0.95)
	near(t, "margin", got, (2.326348+1.644854)*3*math.Sqrt(2.0/n), 1e-4*got)
}

// TestDetectableInSimulation: of comparisons whose true difference is the bound
// and the margin, the stated share is found, whether the prior is right, five
// times too small or five times too large.
func TestDetectableInSimulation(t *testing.T) {
	const trials, alpha, power, bound = 20000, 0.01, 0.95, 7.0
	rng := rand.New(rand.NewPCG(31, 1))
	for _, c := range []struct {
		sd, ratio float64
		na, nb    int
	}{{1, 0, 1, 1}, {1, 0, 5, 1}, {1, 0, 5, 2}, {1, 0.25, 5, 10}, {5, 0, 5, 10}, {0.2, 0, 5, 10}, {5, 0.1, 5, 3}, {0.2, 1, 2, 2}} {
		p := Prior{SD: 1, DF: 4}
		margin := p.Detectable(c.sd, c.ratio, c.na, c.nb, alpha, power)
		found, half := 0, 0
		for range trials {
			a := draw(rng, c.na, 0, c.sd)
			seen := bound + c.ratio*Mean(a)
			if p.Compare(a, draw(rng, c.nb, bound+margin, c.sd)).PMore(seen) < alpha {
				found++
			}
			if p.Compare(a, draw(rng, c.nb, bound+margin/2, c.sd)).PMore(seen) < alpha {
				half++
			}
		}
		slack := 4 * math.Sqrt(power*(1-power)/trials)
		if rate := float64(found) / trials; math.Abs(rate-power) > slack {
			t.Errorf("%+v: a difference of bound + %.3f is found in %.4f, want %v", c, margin, rate, power)
		}
		if half >= found {
			t.Errorf("%+v: half of the margin is found as often", c)
		}
	}
}

func TestDetectableNever(t *testing.T) {
	for _, m := range []float64{
		Prior{SD: 1, DF: 4}.Detectable(1, 0, 0, 5, 0.01, 0.95),
		Prior{}.Detectable(1, 0, 1, 1, 0.01, 0.95),
		Prior{SD: 1, DF: 4}.Detectable(math.Inf(1), 0, 5, 5, 0.01, 0.95),
		Prior{SD: 1, DF: 4}.Detectable(math.NaN(), 0, 5, 5, 0.01, 0.95),
	} {
		if !math.IsInf(m, 1) {
			t.Errorf("margin %v, want none to do", m)
		}
	}
}

// The bound is where so few, or fewer, have a probability of 0.05.
func TestProportionUpper(t *testing.T) {
	near(t, "0 of 200", ProportionUpper(0, 200, 0.95), 1-math.Pow(0.05, 1.0/200), 1e-9)
	near(t, "1 of 20", ProportionUpper(1, 20, 0.95), 0.2161061642, 1e-9) // (1-p)^20 + 20 p (1-p)^19 = 0.05
	near(t, "all", ProportionUpper(5, 5, 0.95), 1, 0)
	near(t, "none made", ProportionUpper(0, 0, 0.95), 1, 0)
}
