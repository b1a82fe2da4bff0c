package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestHolm is R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
func TestHolm(t *testing.T) {
	for i, want := range []float64{0.03, 0.06, 0.06, 0.02} {
		near(t, "adjusted p", Holm([]float64{0.01, 0.04, 0.03, 0.005})[i], want, 1e-12)
	}
	got := Holm([]float64{0.9, math.NaN(), 0.01})
	near(t, "never above 1", got[0], 1, 0)
	near(t, "NaN", got[1], math.NaN(), 0)
	near(t, "beside a NaN", got[2], 0.03, 1e-12)
	if len(Holm(nil)) != 0 {
		t.Error("something out of nothing")
	}
}

// TestHolmControlsFamilywise: of 20 true hypotheses, correlated in pairs, any is
// rejected in at most alpha of the families.
func TestHolmControlsFamilywise(t *testing.T) {
	const families, alpha = 4000, 0.05
	rng := rand.New(rand.NewPCG(5, 6))
	var alarms int
	for range families {
		ps := make([]float64, 20)
		for i := range ps {
			ps[i] = rng.Float64()
			if i%2 == 1 {
				ps[i] = ps[i-1]
			}
		}
		for _, p := range Holm(ps) {
			if p <= alpha {
				alarms++
				break
			}
		}
	}
	if rate := float64(alarms) / families; rate > alpha+0.01 {
		t.Errorf("%.3f of the families have a false alarm, want at most %.2f", rate, alpha)
	}
}

// TestMannWhitney: exact values from R's help page of wilcox.test (Hollander and
// Wolfe 1973, permeability of human chorioamnion: W = 35, one-sided p = 0.1272)
// and from counting: two of the 70 orders of four and four values separate them.
func TestMannWhitney(t *testing.T) {
	u, p := MannWhitney(
		[]float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46},
		[]float64{1.15, 0.88, 0.90, 0.74, 1.21})
	near(t, "U", u, 35, 0)
	near(t, "p", p, 2*0.1272, 5e-4)

	u, p = MannWhitney([]float64{1, 2, 3, 4}, []float64{5, 6, 7, 8})
	near(t, "U of separated samples", u, 0, 0)
	near(t, "p of separated samples", p, 2.0/70, 1e-12)

	_, p = MannWhitney([]float64{1, 2, 3}, []float64{5, 6, 7})
	near(t, "p with three a side", p, 0.1, 1e-12)

	_, p = MannWhitney([]float64{4, 4, 4}, []float64{4, 4})
	near(t, "p of equal values", p, 1, 0)
	_, p = MannWhitney(nil, []float64{4})
	near(t, "p of nothing", p, math.NaN(), 0)
}

// TestMannWhitneyTies is computed by hand: ranks 1, 3, 3 of the first sample make
// U = 1; the variance is 9/12·(7 - (24+6)/30) = 4.5, z = 3/√4.5 = √2.
func TestMannWhitneyTies(t *testing.T) {
	u, p := MannWhitney([]float64{1, 2, 2}, []float64{2, 3, 3})
	near(t, "U", u, 1, 0)
	near(t, "p", p, 2*NormalTail(math.Sqrt2), 1e-12)
}

// TestMannWhitneyApproximation: beyond the exact range the approximation agrees
// with the distribution counted out.
func TestMannWhitneyApproximation(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, shift := range []float64{0, 0.3, 0.6} {
		u, p := MannWhitney(draw(rng, 60, 0, 1), draw(rng, 60, shift, 1))
		near(t, "p", p, min(1, 2*lowerTail(int(min(u, 3600-u)), 60, 60)), 0.06)
	}
}

// TestMannWhitneyDistribution: the exact probabilities add up to one.
func TestMannWhitneyDistribution(t *testing.T) {
	for m := 1; m <= 12; m++ {
		for n := 1; n <= 12; n++ {
			near(t, "sum", lowerTail(m*n, m, n), 1, 1e-9)
		}
	}
	near(t, "fifty a side", lowerTail(2500, 50, 50), 1, 1e-9)
	near(t, "half of fifty a side", lowerTail(1249, 50, 50), 0.5, 0.01)
}
