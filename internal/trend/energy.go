package trend

import (
	"cmp"
	"slices"
)

// energy returns, for each split of ys into the first n and the rest, the divergence
// Q̂ of the two sides by their distances |x-y|:
//
//	mn/(m+n) · (2/(mn)·Σ across - 2/(n(n-1))·Σ within left - 2/(m(m-1))·Σ within right)
//
// (Matteson and James 2014, equations 2.6 to 2.8, with α = 1). It is 0 where a side has
// fewer than two points. As the left side takes in one point after the other, sums over
// ranks give what it adds: n log n in all, where the definition takes n³.
func energy(ys []float64) []float64 {
	n := len(ys)
	qs := make([]float64, n)
	if n < 2*leastStretch {
		return qs
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(ys[a], ys[b]), cmp.Compare(a, b)) })
	rank := make([]int, n)
	below := make([]float64, n+1) // sums of the smallest
	for r, i := range order {
		rank[i] = r
		below[r+1] = below[r] + ys[i]
	}
	var total float64 // over all pairs
	for i, y := range ys {
		r := float64(rank[i])
		total += y*r - below[rank[i]]
	}
	// toAll is the sum of the distances of a point to all.
	toAll := func(i int) float64 {
		r, y := rank[i], ys[i]
		return y*float64(r) - below[r] + (below[n] - below[r]) - y*float64(n-r)
	}
	left := newRankSums(n)
	within, rest := 0.0, total
	for k := range n - leastStretch {
		y := ys[k]
		count, sum := left.below(rank[k])
		toLeft := y*count - sum + (left.sum - sum) - y*(left.count-count)
		within += toLeft
		rest -= toAll(k) - toLeft
		left.add(rank[k], y)
		a, b := float64(k+1), float64(n-k-1)
		if k+1 < leastStretch {
			continue
		}
		across := total - within - rest
		qs[k+1] = a * b / (a + b) * (2/(a*b)*across - 2/(a*(a-1))*within - 2/(b*(b-1))*rest)
	}
	return qs
}

// rankSums are a Fenwick tree over ranks: how many points, and their sum, lie below one.
type rankSums struct {
	counts, sums []float64
	count, sum   float64
}

func newRankSums(n int) *rankSums {
	return &rankSums{counts: make([]float64, n+1), sums: make([]float64, n+1)}
}

func (t *rankSums) add(rank int, y float64) {
	t.count++
	t.sum += y
	for i := rank + 1; i < len(t.counts); i += i & -i {
		t.counts[i]++
		t.sums[i] += y
	}
}

func (t *rankSums) below(rank int) (count, sum float64) {
	for i := rank; i > 0; i -= i & -i {
		count += t.counts[i]
		sum += t.sums[i]
	}
	return count, sum
}

// best is the split of the largest divergence, 0 for none.
func best(qs []float64) int {
	at, most := 0, 0.0
	for i, q := range qs {
		if q > most {
			at, most = i, q
		}
	}
	return at
}
