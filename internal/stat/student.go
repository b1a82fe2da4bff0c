package stat

import "math"

// normalDF is the number of degrees of freedom from which Student's distribution
// and the normal one agree to more digits than anyone reads.
const normalDF = 1e7

// StudentTail returns P(T > t) for Student's t distribution with df > 0 degrees
// of freedom, accurate also where it is tiny: half the regularised incomplete
// beta function of df/(df+t²) (Abramowitz and Stegun 26.7.1 with 26.5.27).
func StudentTail(t, df float64) float64 {
	switch {
	case math.IsNaN(t) || math.IsNaN(df) || df <= 0:
		return math.NaN()
	case df >= normalDF:
		return NormalTail(t)
	case math.IsInf(t, 1):
		return 0
	case math.IsInf(t, -1):
		return 1
	}
	tail := incompleteBeta(df/(df+t*t), df/2, 0.5) / 2
	if t < 0 {
		return 1 - tail
	}
	return tail
}

// StudentCDF returns P(T <= t).
func StudentCDF(t, df float64) float64 { return StudentTail(-t, df) }

// StudentQuantile returns the t with P(T <= t) = p.
func StudentQuantile(p, df float64) float64 {
	switch {
	case math.IsNaN(p) || p < 0 || p > 1 || math.IsNaN(df) || df <= 0:
		return math.NaN()
	case p == 0.5:
		return 0
	case p < 0.5:
		return -upperQuantile(p, func(t float64) float64 { return StudentTail(t, df) })
	default:
		return upperQuantile(1-p, func(t float64) float64 { return StudentTail(t, df) })
	}
}

// NormalTail returns P(Z > z) for the standard normal distribution.
func NormalTail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// NormalQuantile returns the z with P(Z <= z) = p.
func NormalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// upperQuantile inverts a falling tail function at p < 1/2 by bisection: some
// fifty evaluations, and no derivative to go wrong with.
func upperQuantile(p float64, tail func(float64) float64) float64 {
	if p == 0 {
		return math.Inf(1)
	}
	low, high := 0.0, 1.0
	for tail(high) > p {
		low, high = high, 2*high
		if math.IsInf(high, 1) {
			return high
		}
	}
	for high-low > 1e-14*high {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			break
		}
		if tail(middle) > p {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}

// incompleteBeta returns the regularised incomplete beta function I_x(a, b) by
// its continued fraction (DLMF 8.17.22), evaluated by Lentz's method as
// modified by Thompson and Barnett (Journal of Computational Physics 64, 1986).
func incompleteBeta(x, a, b float64) float64 {
	if x <= 0 {
		return 0
	}
	if x >= 1 {
		return 1
	}
	// The fraction converges fast on this side of the mean only.
	if x > (a+1)/(a+b+2) {
		return 1 - incompleteBeta(1-x, b, a)
	}
	lab, _ := math.Lgamma(a + b)
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a

	const tiny, steps = 1e-300, 100000
	away := func(v float64) float64 { // from zero, to divide by it
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	fraction := d
	for m := 1.0; m < steps; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/away(1+even*d), away(1+even/c)
		fraction *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/away(1+odd*d), away(1+odd/c)
		fraction *= d * c
		if math.Abs(d*c-1) < 1e-15 {
			break
		}
	}
	return front * fraction
}
