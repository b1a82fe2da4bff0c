package stat

import "math"

// ChiSquareCDF returns P(X <= x) for the chi-square distribution with df > 0
// degrees of freedom: the regularised lower incomplete gamma function of df/2 and
// x/2 (Abramowitz and Stegun 26.4.19).
func ChiSquareCDF(x, df float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsNaN(df) || df <= 0:
		return math.NaN()
	case x <= 0:
		return 0
	case math.IsInf(x, 1):
		return 1
	}
	return incompleteGamma(df/2, x/2)
}

// ChiSquareQuantile returns the x with P(X <= x) = p, by bisection.
func ChiSquareQuantile(p, df float64) float64 {
	switch {
	case math.IsNaN(p) || p < 0 || p > 1 || math.IsNaN(df) || df <= 0:
		return math.NaN()
	case p == 0:
		return 0
	case p == 1:
		return math.Inf(1)
	}
	low, high := 0.0, math.Max(df, 1)
	for ChiSquareCDF(high, df) < p {
		low, high = high, 2*high
	}
	for range 200 {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			break
		}
		if ChiSquareCDF(middle, df) < p {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}

// SDBounds returns the one-sided lower and upper confidence bounds, each at a level such
// as 0.95, of the standard deviation of the normal distribution that xs is drawn from:
// the textbook's s·√((n-1)/χ²) with the quantiles of chi-square. Fewer than two values
// bound nothing.
func SDBounds(xs []float64, level float64) (low, high float64) {
	if len(xs) < 2 {
		return 0, math.Inf(1)
	}
	df, s := float64(len(xs)-1), SD(xs)
	return s * math.Sqrt(df/ChiSquareQuantile(level, df)), s * SDFactor(len(xs), level)
}

// SDFactor is by how much the true standard deviation may be larger than that of
// n values: 4.4 for three of them at the level 0.95, and 1.4 for twenty.
func SDFactor(n int, level float64) float64 {
	if n < 2 {
		return math.Inf(1)
	}
	df := float64(n - 1)
	return math.Sqrt(df / ChiSquareQuantile(1-level, df))
}

// incompleteGamma returns the regularised lower incomplete gamma function P(a, x):
// below a+1 by its series (DLMF 8.11.4), above by the continued fraction of its
// complement (DLMF 8.9.2), evaluated by Lentz's method.
func incompleteGamma(a, x float64) float64 {
	if x <= 0 {
		return 0
	}
	lg, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - lg)
	const steps = 100000
	if x < a+1 {
		term := 1 / a
		sum := term
		for n := 1.0; n < steps && term > sum*1e-16; n++ {
			term *= x / (a + n)
			sum += term
		}
		return math.Min(1, front*sum)
	}
	const tiny = 1e-300
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	fraction := d
	for n := 1.0; n < steps; n++ {
		factor := -n * (n - a)
		b += 2
		d = 1 / (factor*d + b)
		if c = b + factor/c; math.Abs(c) < tiny {
			c = tiny
		}
		fraction *= c * d
		if math.Abs(c*d-1) < 1e-16 {
			break
		}
	}
	return math.Max(0, 1-front*fraction)
}
