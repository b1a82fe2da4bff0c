package stat

import (
	"math"
	"slices"
)

// Series is a sequence of points. Points of different series are never paired,
// so that series may lie on different levels, as repeats do.
type Series struct{ X, Y []float64 }

func (s Series) len() int { return min(len(s.X), len(s.Y)) }

// TheilSen returns the median of the slopes between all pairs of points, with
// the confidence interval of Sen, "Estimates of the regression coefficient based
// on Kendall's tau", JASA 63 (1968), its ranks rounded outwards. Pairs of equal
// x are left out. Points too few for the level give an infinite interval, and
// without two different x the slope is NaN. Time and space grow with the square
// of the number of points.
func TheilSen(xs, ys []float64, level float64) Interval {
	return Slope(level, Series{xs, ys})
}

// Slope is TheilSen for several series that share one slope: Hirsch, Slack and
// Smith, "Techniques of trend analysis for monthly water quality data", Water
// Resources Research 18 (1982), with their seasons for series.
func Slope(level float64, series ...Series) Interval {
	var slopes []float64
	var variance float64
	for _, s := range series {
		n := s.len()
		for i := range n {
			for j := i + 1; j < n; j++ {
				if dx := s.X[j] - s.X[i]; dx != 0 {
					slopes = append(slopes, (s.Y[j]-s.Y[i])/dx)
				}
			}
		}
		variance += kendallVariance(s.X[:n], s.Y[:n])
	}
	if len(slopes) == 0 {
		return Interval{math.NaN(), math.Inf(-1), math.Inf(1)}
	}
	slices.Sort(slopes)
	around := Interval{Median(slopes), math.Inf(-1), math.Inf(1)}
	spread := NormalQuantile(1-(1-level)/2) * math.Sqrt(variance)
	if rank := int(math.Floor((float64(len(slopes)) - spread) / 2)); rank >= 1 {
		around.Low, around.High = slopes[rank-1], slopes[len(slopes)-rank]
	}
	return around
}

// Kendall returns the rank correlation tau-b of the pairs, -1 to 1, which
// corrects for ties: Kendall, "The treatment of ties in ranking problems",
// Biometrika 33 (1945). It is NaN where either side never changes.
func Kendall(xs, ys []float64) float64 { return Tau(Series{xs, ys}) }

// Tau is Kendall for several series: the scores of all, over the pairs of all.
func Tau(series ...Series) float64 {
	var score, pairsX, pairsY float64
	for _, s := range series {
		n := s.len()
		for i := range n {
			for j := i + 1; j < n; j++ {
				dx, dy := sign(s.X[j]-s.X[i]), sign(s.Y[j]-s.Y[i])
				score += dx * dy
				pairsX += dx * dx
				pairsY += dy * dy
			}
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
