package stat

import "math"

// Fit is a straight line through a series whose noise may be autocorrelated.
type Fit struct {
	Intercept float64 // of y at x = 0
	Slope     float64 // the median of the slopes of all pairs
	SE        float64 // standard error of Slope
	DF        float64 // degrees of freedom behind SE
	Noise     float64 // standard deviation of the residuals
	R         float64 // their autocorrelation from one point to the next, 0 to 0.95
	N         int
	// Residuals are those from the line, strays moved inwards; see [Winsorise].
	Residuals []float64
}

// T is the slope over its standard error, 0 where it has none.
func (f Fit) T() float64 {
	if !(f.SE > 0) {
		return 0
	}
	return f.Slope / f.SE
}

// Interval is the slope with its confidence interval.
func (f Fit) Interval(level float64) Interval {
	if !(f.DF > 0) || math.IsNaN(f.SE) {
		return Interval{f.Slope, math.Inf(-1), math.Inf(1)}
	}
	half := f.SE * StudentQuantile(1-(1-level)/2, f.DF)
	return Interval{f.Slope, f.Slope - half, f.Slope + half}
}

// At is the line's y at x.
func (f Fit) At(x float64) float64 { return f.Intercept + f.Slope*x }

// FitLine puts a line through points that are about evenly spaced: the slope of
// Theil and Sen, and the standard error of least squares with the variance and the
// degrees of freedom corrected for residuals that follow an autoregressive process
// of first order, by the effective number of points n(1-r)/(1+r) (Bartlett, "Some
// aspects of the time-correlation problem", JRSS 98 (1935); Santer et al., JGR 105
// (2000)). The estimate of r, which a fitted line pulls down, is put right by
// (2+4r)/n (Kendall, "Note on bias in the estimation of autocorrelation",
// Biometrika 41 (1954), for a mean and a slope). Fewer than four points have no
// standard error. Time grows with the square of the number of points.
func FitLine(xs, ys []float64) Fit {
	n := min(len(xs), len(ys))
	xs, ys = xs[:n], ys[:n]
	f := Fit{N: n, SE: math.NaN(), Slope: medianSlope(xs, ys)}
	if math.IsNaN(f.Slope) || math.IsInf(f.Slope, 0) {
		f.Slope = math.NaN()
		return f
	}
	rest := make([]float64, n)
	for i := range rest {
		rest[i] = ys[i] - f.Slope*xs[i]
	}
	f.Intercept = Median(rest)
	for i := range rest {
		rest[i] -= f.Intercept
	}
	f.Residuals = Winsorise(rest, 3, 0)
	if n < 4 {
		return f
	}
	f.Noise = math.Sqrt(squares(f.Residuals) / float64(n-2))
	f.R = lag1(f.Residuals)
	size := float64(n)
	f.R = math.Min(math.Max((f.R+2/size)/math.Max(1-4/size, 0.2), 0), 0.95)
	worth := (1 - f.R) / (1 + f.R)
	var sxx float64
	mean := Mean(xs)
	for _, x := range xs {
		sxx += (x - mean) * (x - mean)
	}
	f.SE = f.Noise / math.Sqrt(sxx*worth)
	f.DF = math.Max(size*worth-2, 4)
	return f
}

// lag1 is the correlation of values with the ones after them, 0 where all are equal.
func lag1(xs []float64) float64 {
	mean := Mean(xs)
	var top, bottom float64
	for i, x := range xs {
		bottom += (x - mean) * (x - mean)
		if i > 0 {
			top += (x - mean) * (xs[i-1] - mean)
		}
	}
	if bottom == 0 {
		return 0
	}
	return top / bottom
}

// medianSlope is the centre of [TheilSen] without its interval.
func medianSlope(xs, ys []float64) float64 {
	slopes := make([]float64, 0, len(xs)*(len(xs)-1)/2)
	for i := range xs {
		for j := i + 1; j < len(xs); j++ {
			if dx := xs[j] - xs[i]; dx != 0 {
				slopes = append(slopes, (ys[j]-ys[i])/dx)
			}
		}
	}
	return Median(slopes)
}

// Signs counts the rises and falls of a series from each point to the next and
// returns the z of the sign test of Cox and Stuart, "Some quick sign tests for
// trend", Biometrika 42 (1955), without its correction for continuity: above zero
// where rises prevail, 0 where nothing changes.
func Signs(ys []float64) (rises, falls int, z float64) {
	for i := 1; i < len(ys); i++ {
		switch {
		case ys[i] > ys[i-1]:
			rises++
		case ys[i] < ys[i-1]:
			falls++
		}
	}
	if rises+falls > 0 {
		z = float64(rises-falls) / math.Sqrt(float64(rises+falls))
	}
	return rises, falls, z
}
