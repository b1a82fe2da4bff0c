package subject

import "math"

// Ratio is that of the sums of pairs, of what was measured without something and with it,
// with its 95 % interval by the delta method for a ratio of means of pairs (Cochran,
// Sampling Techniques, section 6.3).
func Ratio(pairs [][2]float64) (center, low, high float64) {
	var without, with float64
	for _, p := range pairs {
		without += p[0]
		with += p[1]
	}
	center = with / without
	var squares float64
	for _, p := range pairs {
		residual := p[1] - center*p[0]
		squares += residual * residual
	}
	n := float64(len(pairs))
	se := math.Sqrt(squares/(n*(n-1))) / (without / n)
	return center, center - 1.96*se, center + 1.96*se
}
