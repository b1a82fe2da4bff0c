package stat

import (
	"cmp"
	"math"
	"slices"
)

// exactRanks is the largest product of sample sizes for which the distribution
// of U is counted out; beyond it the normal approximation is good to some percent
// of p.
const exactRanks = 2500

// MannWhitney returns the statistic U of a over b (how many pairs have the value
// of a above that of b, ties counting half) and the two-sided p-value of the
// hypothesis that both come from one distribution: Mann and Whitney, "On a test
// of whether one of two random variables is stochastically larger than the
// other", Annals of Mathematical Statistics 18 (1947). P is exact for small
// samples without ties, and otherwise the normal approximation with corrections
// for ties and continuity. With fewer than four values a side it cannot fall
// under 0.05. NaN when either side is empty.
func MannWhitney(a, b []float64) (u, p float64) {
	na, nb := len(a), len(b)
	if na == 0 || nb == 0 {
		return math.NaN(), math.NaN()
	}
	type value struct {
		x     float64
		fromA bool
	}
	all := make([]value, 0, na+nb)
	for _, x := range a {
		all = append(all, value{x, true})
	}
	for _, x := range b {
		all = append(all, value{x, false})
	}
	slices.SortFunc(all, func(v, w value) int { return cmp.Compare(v.x, w.x) })
	var ranksOfA, ties float64
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].x == all[i].x {
			j++
		}
		run := float64(j - i)
		ties += run*run*run - run
		for _, v := range all[i:j] {
			if v.fromA {
				ranksOfA += float64(i) + (run+1)/2
			}
		}
		i = j
	}
	u = ranksOfA - float64(na*(na+1))/2
	product := float64(na * nb)
	if ties == 0 && na*nb <= exactRanks {
		return u, min(1, 2*lowerTail(int(min(u, product-u)), na, nb))
	}
	n := float64(na + nb)
	sd := math.Sqrt(product / 12 * (n + 1 - ties/(n*(n-1))))
	if sd == 0 { // all values are equal
		return u, 1
	}
	z := max(0, math.Abs(u-product/2)-0.5) / sd
	return u, min(1, 2*NormalTail(z))
}

// lowerTail is P(U <= u) when all orders are equally likely. The number of
// orders of m and n values with U = k is the number of partitions of k into at
// most m parts of at most n, the coefficients of a Gaussian binomial.
func lowerTail(u, m, n int) float64 {
	count := make([]float64, m*n+1)
	count[0] = 1
	// Multiply by (1 - q^(n+i)) and divide by (1 - q^i) for i = 1..m. As
	// probabilities: each step is scaled by i/(n+i), and the sum ends at 1.
	for i := 1; i <= m; i++ {
		for k := len(count) - 1; k >= n+i; k-- {
			count[k] -= count[k-n-i]
		}
		for k := i; k < len(count); k++ {
			count[k] += count[k-i]
		}
		for k := range count {
			count[k] *= float64(i) / float64(n+i)
		}
	}
	var p float64
	for _, c := range count[:u+1] {
		p += c
	}
	return p
}
