package stat

import (
	"cmp"
	"slices"
)

// Holm returns the p-values adjusted for their number, in the given order:
// rejecting those that are at most alpha keeps the chance of any false
// rejection at alpha, whatever the dependence between them. Holm, "A simple
// sequentially rejective multiple test procedure", Scandinavian Journal of
// Statistics 6 (1979). A NaN counts as one of the comparisons and stays NaN.
func Holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	key := func(i int) float64 {
		if ps[i] != ps[i] { // the least significant of all
			return 2
		}
		return ps[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key(a), key(b)) })
	adjusted := make([]float64, len(ps))
	var highest float64
	for rank, i := range order {
		highest = max(highest, min(1, float64(len(ps)-rank)*ps[i]))
		adjusted[i] = highest
	}
	return adjusted
}
