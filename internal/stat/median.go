package stat

import (
	"math"
	"slices"
)

// MedianInterval returns the median with its distribution-free 95 % interval:
// the closest pair of order statistics, symmetric in rank, that covers the
// median with at least that probability, by the binomial distribution (Conover,
// Practical Nonparametric Statistics, section 3.2). Fewer than six values have
// none: its ends are then infinite.
func MedianInterval(xs []float64) Interval {
	n := len(xs)
	sorted := slices.Sorted(slices.Values(xs))
	out := Interval{Center: Median(xs), Low: math.Inf(-1), High: math.Inf(1)}
	// below is P(X <= k) of a binomial with n and 1/2: the chance that more than
	// n-k-1 values lie on one side of the median.
	// In logarithms: 2^-n is zero in floating point from n = 1075 on.
	term := -float64(n) * math.Ln2
	below := 0.0
	for k := 0; 2*k < n; k++ {
		below += math.Exp(term)
		if 2*below > 0.05 {
			break
		}
		out.Low, out.High = sorted[k], sorted[n-1-k]
		term += math.Log(float64(n-k) / float64(k+1))
	}
	return out
}
