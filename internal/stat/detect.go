package stat

import "math"

// Detectable returns by how much the true difference of two means must exceed a
// bound so that [Prior.Compare] of na and nb values finds it, with a p-value of
// [Comparison.PMore] below alpha, in the share power of all cases. The values are
// normal with the standard deviation sd, which need not be the prior's. The bound is
// ratio times the mean of the na values and something fixed besides: it varies with
// them, which the comparison does not take into account.
//
// With d = na+nb-2 and χ² the sum of squares over sd², the comparison finds a
// difference D when
//
//	D - bound > t(1-alpha, d0+d) · √((d0·s0² + sd²·χ²)/(d0+d)) · √(1/na + 1/nb)
//
// (see [Prior] for s0 and d0). The left side is normal with the standard deviation
// sd·√((1+ratio)²/na + 1/nb) and independent of χ² (Cochran 1934), so that the share
// is an integral over the chi distribution.
func (p Prior) Detectable(sd, ratio float64, na, nb int, alpha, power float64) float64 {
	d := float64(na + nb - 2)
	total := p.DF + d
	if na < 1 || nb < 1 || !(total > 0) || !(sd >= 0) || math.IsInf(sd, 0) {
		return math.Inf(1)
	}
	t := StudentQuantile(1-alpha, total)
	root := math.Sqrt(1/float64(na) + 1/float64(nb))
	spread := sd * math.Sqrt((1+ratio)*(1+ratio)/float64(na)+1/float64(nb))
	// reach is what the difference must exceed, beyond the bound, when the squares
	// sum up to chi²·sd².
	reach := func(chi float64) float64 {
		return t * root * math.Sqrt((p.DF*p.SD*p.SD+sd*sd*chi*chi)/total)
	}
	if sd == 0 {
		return reach(0)
	}
	found := func(margin float64) float64 {
		return overChi(d, func(chi float64) float64 {
			return NormalTail((reach(chi) - margin) / spread)
		})
	}
	low, high := 0.0, math.Max(reach(math.Sqrt(d)), spread)
	for found(high) < power {
		if low, high = high, 2*high; math.IsInf(high, 1) {
			return high
		}
	}
	for high-low > 1e-7*high {
		if middle := low + (high-low)/2; found(middle) < power {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// overChi is the mean of f over the chi distribution with d degrees of freedom,
// by Simpson's rule. The distribution's standard deviation is below 0.71, whatever
// d is, so that seven to each side of its centre leave nothing out.
func overChi(d float64, f func(chi float64) float64) float64 {
	if d <= 0 {
		return f(0)
	}
	lg, _ := math.Lgamma(d / 2)
	density := func(x float64) float64 {
		if x == 0 && d > 1 {
			return 0
		} else if x == 0 {
			return math.Sqrt(2 / math.Pi) // half of a normal distribution
		}
		return math.Exp((d-1)*math.Log(x) - x*x/2 - (d/2-1)*math.Ln2 - lg)
	}
	const halves = 200
	low := math.Max(0, math.Sqrt(d)-7)
	step := (math.Sqrt(d) + 7 - low) / halves
	var sum, weight float64
	for i := range halves + 1 {
		w := 2.0
		switch {
		case i == 0 || i == halves:
			w = 1
		case i%2 == 1:
			w = 4
		}
		x := low + float64(i)*step
		w *= density(x)
		sum, weight = sum+w*f(x), weight+w
	}
	// The weights make up 1 but for the rule's own error, which this takes out.
	return sum / weight
}

// ProportionUpper returns the one-sided upper confidence bound of a proportion
// after k of n trials: Clopper and Pearson, Biometrika 26 (1934). For none of n it
// is 1-(1-level)^(1/n), which the rule of three gives as 3/n at the level 0.95.
func ProportionUpper(k, n int, level float64) float64 {
	if n <= 0 || k >= n {
		return 1
	}
	// P(X <= k) = I(1-p; n-k, k+1), which falls with p.
	low, high := 0.0, 1.0
	for high-low > 1e-12 {
		middle := (low + high) / 2
		if incompleteBeta(1-middle, float64(n-k), float64(k+1)) > 1-level {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}
