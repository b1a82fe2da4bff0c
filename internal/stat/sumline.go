package stat

import (
	"math"
	"slices"
)

// SumFit is a straight line through sums, y = Intercept + Slope·x.
type SumFit struct {
	Intercept, Slope float64

	// R2 is the share of the weighted variance of y that the line explains, 0 to
	// 1 (1 where y never changes). It is near 1 for nearly anything that grows,
	// when the x lie as far apart as powers of ten do: Worst says more.
	R2 float64

	// Worst is the largest residual as a share of its y, a ratio, and WorstAt the
	// index of its point.
	Worst   float64
	WorstAt int
}

// SumLine fits a line through sums: y is what x like things amount to, each of which
// varies on its own. The variance of such a sum grows with the number of things,
// and so with y; least squares with the weights 1/y is Neyman's χ² fit (J. Neyman,
// Contribution to the Theory of the χ² Test, 1949). Unweighted, a point at x = 1000
// has nearly all the say, and the intercept is what its error leaves. With 1/y²
// (percentages, C. Tofallis, 2008) it is the other way round: the smallest sums,
// which are the least exact, move the slope.
//
// A y below floor, which is what a y can be told to, weighs as if it were floor, and
// its residual is taken as a share of floor. Fewer than two different x give NaN.
func SumLine(xs, ys []float64, floor float64) SumFit {
	n := min(len(xs), len(ys))
	weight := func(i int) float64 { return 1 / math.Max(ys[i], floor) }
	var sum, mx, my float64
	for i := range n {
		sum += weight(i)
		mx += weight(i) * xs[i]
		my += weight(i) * ys[i]
	}
	mx, my = mx/sum, my/sum
	var sxx, sxy, syy float64
	for i := range n {
		dx, dy := xs[i]-mx, ys[i]-my
		sxx += weight(i) * dx * dx
		sxy += weight(i) * dx * dy
		syy += weight(i) * dy * dy
	}
	if n < 2 || sxx == 0 {
		return SumFit{Intercept: math.NaN(), Slope: math.NaN(), R2: math.NaN(), Worst: math.NaN()}
	}
	f := SumFit{Slope: sxy / sxx, R2: 1}
	f.Intercept = my - f.Slope*mx
	if n := ys[:n]; slices.Min(n) < slices.Max(n) {
		f.R2 = sxy * sxy / (sxx * syy)
	}
	for i := range n {
		if off := math.Abs(ys[i]-f.Intercept-f.Slope*xs[i]) * weight(i); off > f.Worst {
			f.Worst, f.WorstAt = off, i
		}
	}
	return f
}
