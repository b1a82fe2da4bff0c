package stat

import (
	"math"
	"slices"
)

// Mean returns the arithmetic mean, NaN of nothing.
func Mean(xs []float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	// The mean of the differences from the first value keeps the digits of
	// large values that differ little, as byte counts do.
	var sum float64
	for _, x := range xs {
		sum += x - xs[0]
	}
	return xs[0] + sum/float64(len(xs))
}

// Variance returns the unbiased sample variance (divisor n-1), NaN of fewer than
// two values.
func Variance(xs []float64) float64 {
	if len(xs) < 2 {
		return math.NaN()
	}
	mean := Mean(xs)
	var sum float64
	for _, x := range xs {
		sum += (x - mean) * (x - mean)
	}
	return sum / float64(len(xs)-1)
}

// SD returns the sample standard deviation, NaN of fewer than two values.
func SD(xs []float64) float64 { return math.Sqrt(Variance(xs)) }

// Median returns the middle value, or the mean of the two middle ones.
func Median(xs []float64) float64 { return Quantile(xs, 0.5) }

// Quantile returns the p-quantile, 0 <= p <= 1, by linear interpolation between
// order statistics: definition 7 of Hyndman and Fan, "Sample quantiles in
// statistical packages", The American Statistician 50 (1996), which is R's
// default. NaN of nothing.
func Quantile(xs []float64, p float64) float64 {
	if len(xs) == 0 || p < 0 || p > 1 || math.IsNaN(p) {
		return math.NaN()
	}
	sorted := slices.Clone(xs) // one allocation, where slices.Sorted makes several
	slices.Sort(sorted)
	at := p * float64(len(sorted)-1)
	below := int(at)
	if below == len(sorted)-1 {
		return sorted[below]
	}
	return sorted[below] + (at-float64(below))*(sorted[below+1]-sorted[below])
}

// NormalMAD scales a MAD to the standard deviation of a normal distribution:
// 1 over the normal quantile of 3/4.
const NormalMAD = 1.4826022185056018

// MAD returns the median absolute deviation from the median, unscaled; see
// Hampel, "The influence curve and its role in robust estimation", JASA 69
// (1974).
func MAD(xs []float64) float64 {
	m := Median(xs)
	deviations := make([]float64, len(xs))
	for i, x := range xs {
		deviations[i] = math.Abs(x - m)
	}
	return Median(deviations)
}

// Winsorise returns xs with the values that lie further from the median than width
// scaled MADs, or width times sd where that is more, moved to that distance: one
// step of Huber's estimator, "Robust estimation of a location parameter", Annals of
// Mathematical Statistics 35 (1964). When more than a quarter of the values lie that
// far they are no strays, and xs is returned as it is; so it is for three and fewer.
func Winsorise(xs []float64, width, sd float64) []float64 {
	middle, reach := Median(xs), width*math.Max(sd, NormalMAD*MAD(xs))
	moved, strays := slices.Clone(xs), 0
	for i, x := range xs {
		moved[i] = math.Min(math.Max(x, middle-reach), middle+reach)
		if moved[i] != x {
			strays++
		}
	}
	if 4*strays > len(xs) {
		return xs
	}
	return moved
}
