package anatomy

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Each shape is made by its formula, with and without noise, and has to be told.
func TestShape(t *testing.T) {
	const n = 60
	for _, c := range []struct {
		want Shape
		of   func(i int) float64
	}{
		{ShapeConstant, func(int) float64 { return 50e6 }},
		{ShapeLinear, func(i int) float64 { return 10e6 + float64(i)*1e5 }},
		{ShapeLogarithmic, func(i int) float64 { return 10e6 + 3e6*math.Log1p(float64(i)) }},
		{ShapeExponential, func(i int) float64 { return 10e6 + 1e4*math.Exp(float64(i)/8) }},
		{ShapeStep, func(i int) float64 {
			if i < 25 {
				return 10e6
			}
			return 30e6
		}},
		{ShapeSawtooth, func(i int) float64 { return 10e6 + float64(i%12)*1e6 }},
		{ShapeIrregular, func(i int) float64 { return 50e6 + 20e6*math.Sin(float64(i)/22+2) }},
	} {
		for _, noise := range []float64{0, 0.005} {
			r := rand.New(rand.NewPCG(1, 2))
			var ts, ys []float64
			for i := range n {
				ts = append(ts, float64(i))
				ys = append(ys, c.of(i)*(1+noise*(2*r.Float64()-1)))
			}
			if got, fit := shapeOf(ts, ys, false); got != c.want {
				t.Errorf("%s with noise %v is called %s (R² %.3f)", c.want, noise, got, fit)
			}
		}
	}
}

// What says too little is not called anything.
func TestShapeUnknown(t *testing.T) {
	for _, n := range []int{1, 2, leastLooks - 1} {
		var ts, ys []float64
		for i := range n {
			ts, ys = append(ts, float64(i)), append(ys, float64(i)*1e6)
		}
		if got, _ := shapeOf(ts, ys, false); got != ShapeUnknown {
			t.Errorf("%d looks are called %s", n, got)
		}
	}
	if got, _ := shapeOf(make([]float64, 20), make([]float64, 20), false); got != ShapeUnknown {
		t.Errorf("twenty looks at one moment are called %s", got)
	}
	ts := make([]float64, 20)
	for i := range ts {
		ts[i] = float64(i)
	}
	if got, _ := shapeOf(ts, make([]float64, 20), true); got != ShapeConstant {
		t.Errorf("nothing at all is called %s", got)
	}
}
