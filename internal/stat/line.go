package stat

import "math"

// Line fits y = intercept + slope·x by least squares and returns both with the
// coefficient of determination R², 0 to 1: the share of the variance of y that
// the line explains (1 where y never changes). Fewer than two different x give
// NaN.
func Line(xs, ys []float64) (intercept, slope, r2 float64) {
	n := float64(min(len(xs), len(ys)))
	var mx, my float64
	for i := range int(n) {
		mx += xs[i] / n
		my += ys[i] / n
	}
	var sxx, sxy, syy float64
	for i := range int(n) {
		dx, dy := xs[i]-mx, ys[i]-my
		sxx += dx * dx
		sxy += dx * dy
		syy += dy * dy
	}
	if sxx == 0 || n < 2 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	slope = sxy / sxx
	r2 = 1
	if syy > 0 {
		r2 = sxy * sxy / (sxx * syy)
	}
	return my - slope*mx, slope, r2
}
