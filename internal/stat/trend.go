package stat

import (
	"math"
	"slices"
)

// TheilSen returns the median of the slopes between all pairs of points, with
// the confidence interval of Sen, "Estimates of the regression coefficient based
// on Kendall's tau", JASA 63 (1968), its ranks rounded outwards. Pairs of equal
// x are left out. Points too few for the level give an infinite interval, and
// without two different x the slope is NaN. Time and space grow with the square
// of the number of points.
func TheilSen(xs, ys []float64, level float64) Interval {
	n := min(len(xs), len(ys))
	slopes := make([]float64, 0, n*(n-1)/2)
	for i := range n {
		for j := i + 1; j < n; j++ {
			if dx := xs[j] - xs[i]; dx != 0 {
				slopes = append(slopes, (ys[j]-ys[i])/dx)
			}
		}
	}
	if len(slopes) == 0 {
		return Interval{math.NaN(), math.Inf(-1), math.Inf(1)}
	}
	slices.Sort(slopes)
	around := Interval{Median(slopes), math.Inf(-1), math.Inf(1)}
	spread := NormalQuantile(1-(1-level)/2) * math.Sqrt(kendallVariance(xs[:n], ys[:n]))
	if rank := int(math.Floor((float64(len(slopes)) - spread) / 2)); rank >= 1 {
		around.Low, around.High = slopes[rank-1], slopes[len(slopes)-rank]
	}
	return around
}

// Kendall returns the rank correlation tau-b of the pairs, -1 to 1, which
// corrects for ties: Kendall, "The treatment of ties in ranking problems",
// Biometrika 33 (1945). It is NaN where either side never changes.
func Kendall(xs, ys []float64) float64 {
	n := min(len(xs), len(ys))
	var score, pairsX, pairsY float64
	for i := range n {
		for j := i + 1; j < n; j++ {
			dx, dy := sign(xs[j]-xs[i]), sign(ys[j]-ys[i])
			score += dx * dy
			pairsX += dx * dx
			pairsY += dy * dy
		}
	}
	return score / math.Sqrt(pairsX*pairsY)
}

// kendallVariance is the variance of Kendall's score when there is no trend,
// corrected for ties on either side as Sen (1968) has it for x.
func kendallVariance(xs, ys []float64) float64 {
	v := tieTerm(float64(len(xs)))
	for _, side := range [][]float64{xs, ys} {
		sorted := slices.Sorted(slices.Values(side))
		for len(sorted) > 0 {
			run := 1
			for run < len(sorted) && sorted[run] == sorted[0] {
				run++
			}
			v -= tieTerm(float64(run))
			sorted = sorted[run:]
		}
	}
	return max(v, 0) / 18
}

func tieTerm(n float64) float64 { return n * (n - 1) * (2*n + 5) }

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	default:
		return 0
	}
}
