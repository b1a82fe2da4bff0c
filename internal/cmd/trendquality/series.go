package main

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/highwater-dev/highwater"
)

// level is what every made-up series lies at: a peak of three megabytes.
const level = 3e6

// kind is how the results of an unchanged program differ.
type kind struct {
	name string
	// hard is noise that no method is at ease with: as large as half of the threshold,
	// or not independent from one result to the next, or far from normal.
	hard bool
	// values makes n ratios of the level.
	values func(r *rand.Rand, n int) []float64
}

// each makes values that know nothing of each other.
func each(of func(r *rand.Rand) float64) func(*rand.Rand, int) []float64 {
	return func(r *rand.Rand, n int) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = of(r)
		}
		return out
	}
}

func gaussian(cv float64) func(*rand.Rand, int) []float64 {
	return each(func(r *rand.Rand) float64 { return 1 + cv*r.NormFloat64() })
}

// heavy is Student's t with three degrees of freedom, scaled to a standard deviation.
func heavy(cv float64) func(*rand.Rand, int) []float64 {
	return each(func(r *rand.Rand) float64 {
		chi := 0.0
		for range 3 {
			z := r.NormFloat64()
			chi += z * z
		}
		return 1 + cv/math.Sqrt(3)*r.NormFloat64()/math.Sqrt(chi/3)
	})
}

// quantised is exactly repeatable but for one result in ten, which is a size class off.
func quantised(step float64) func(*rand.Rand, int) []float64 {
	return each(func(r *rand.Rand) float64 {
		switch r.IntN(20) {
		case 0:
			return 1 + step
		case 1:
			return 1 - step
		default:
			return 1
		}
	})
}

// outliers are Gaussian, and one in fifty is far too high.
func outliers(cv, by float64) func(*rand.Rand, int) []float64 {
	return each(func(r *rand.Rand) float64 {
		v := 1 + cv*r.NormFloat64()
		if r.IntN(50) == 0 {
			v += by
		}
		return v
	})
}

// bimodal has one result in five on a second level.
func bimodal(cv, apart float64) func(*rand.Rand, int) []float64 {
	return each(func(r *rand.Rand) float64 {
		v := 1 + cv*r.NormFloat64()
		if r.IntN(5) == 0 {
			v += apart
		}
		return v
	})
}

// correlated is an autoregressive process of first order.
func correlated(cv, phi float64) func(*rand.Rand, int) []float64 {
	return func(r *rand.Rand, n int) []float64 {
		out := make([]float64, n)
		x := r.NormFloat64()
		for i := range out {
			out[i] = 1 + cv*x
			x = phi*x + math.Sqrt(1-phi*phi)*r.NormFloat64()
		}
		return out
	}
}

// drifting adds a slope, a ratio of the level for each result.
func drifting(cv, slope float64) func(*rand.Rand, int) []float64 {
	return func(r *rand.Rand, n int) []float64 {
		out := gaussian(cv)(r, n)
		for i := range out {
			out[i] += slope * float64(i)
		}
		return out
	}
}

// clean are series in which nothing steps.
var clean = []kind{
	{"gaussian 0.1 %", false, gaussian(0.001)},
	{"gaussian 1 %", false, gaussian(0.01)},
	{"gaussian 2 %", false, gaussian(0.02)},
	{"gaussian 3 %", false, gaussian(0.03)},
	{"gaussian 5 %", true, gaussian(0.05)},
	{"heavy tails 2 %", false, heavy(0.02)},
	{"heavy tails 5 %", true, heavy(0.05)},
	{"quantised 2 %", false, quantised(0.02)},
	{"outliers +30 %", true, outliers(0.01, 0.30)},
	{"AR(1) 0.6, 2 %", true, correlated(0.02, 0.6)},
	{"AR(1) 0.6, 4 %", true, correlated(0.04, 0.6)},
	{"two levels +6 %", false, bimodal(0.005, 0.06)},
	{"two levels +15 %", true, bimodal(0.005, 0.15)},
	{"drift +0.1 % each", false, drifting(0.01, 0.001)},
	{"drift -0.1 % each", false, drifting(0.01, -0.001)},
	{"drift +0.3 % each", false, drifting(0.01, 0.003)},
}

// step is a clean series in which all results from one on are higher or lower.
type step struct {
	kind kind
	by   float64 // a ratio
}

var steps = []step{
	{kind{"gaussian 0.1 %", false, gaussian(0.001)}, 0.11},
	{kind{"gaussian 1 %", false, gaussian(0.01)}, 0.12},
	{kind{"gaussian 1 %", false, gaussian(0.01)}, 0.20},
	{kind{"gaussian 1 %", false, gaussian(0.01)}, -0.20},
	{kind{"gaussian 3 %", false, gaussian(0.03)}, 0.15},
	{kind{"gaussian 3 %", false, gaussian(0.03)}, 0.30},
	{kind{"gaussian 5 %", true, gaussian(0.05)}, 0.20},
	{kind{"gaussian 5 %", true, gaussian(0.05)}, -0.30},
	{kind{"heavy tails 2 %", false, heavy(0.02)}, 0.15},
	{kind{"quantised 2 %", false, quantised(0.02)}, 0.12},
	{kind{"outliers +30 %", true, outliers(0.01, 0.30)}, 0.15},
	{kind{"AR(1) 0.6, 2 %", true, correlated(0.02, 0.6)}, 0.15},
	{kind{"two levels +6 %", false, bimodal(0.005, 0.06)}, 0.15},
	{kind{"drift +0.1 % each", false, drifting(0.01, 0.001)}, 0.20},
	// Smaller than the threshold: found is wrong for a rule of 10 %.
	{kind{"gaussian 1 %", false, gaussian(0.01)}, 0.03},
	{kind{"gaussian 1 %", false, gaussian(0.01)}, 0.05},
}

// make1 makes the values of a series, the step at a place.
func make1(r *rand.Rand, k kind, n int, by float64, at int) []float64 {
	ys := k.values(r, n)
	for i := range ys {
		if i >= at {
			ys[i] += by
		}
		ys[i] *= level
	}
	return ys
}

// series are the values as results of one night each.
func series(ys []float64) highwater.Series {
	s := highwater.Series{Key: highwater.SeriesKey{Scenario: "made/up", Metric: highwater.Peak, Sessions: 1}}
	begin := time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)
	for i, y := range ys {
		s.Points = append(s.Points, highwater.Point{At: begin.AddDate(0, 0, i), Center: y, Low: y, High: y})
	}
	return s
}
