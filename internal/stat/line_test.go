package stat_test

import (
	"math"
	"testing"

	"github.com/highwater-dev/highwater/internal/stat"
)

func TestLine(t *testing.T) {
	for name, c := range map[string]struct {
		xs, ys               []float64
		intercept, slope, r2 float64
	}{
		"exact":         {[]float64{1, 10, 100, 1000}, []float64{73, 100, 370, 3070}, 70, 3, 1},
		"flat":          {[]float64{1, 2, 3}, []float64{5, 5, 5}, 5, 0, 1},
		"by hand":       {[]float64{0, 1, 2}, []float64{0, 2, 1}, 0.5, 0.5, 0.25},
		"Anscombe's I":  {[]float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}, []float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}, 3.000091, 0.500091, 0.666542},
		"one x":         {[]float64{2, 2}, []float64{1, 3}, math.NaN(), math.NaN(), math.NaN()},
		"nothing given": {nil, nil, math.NaN(), math.NaN(), math.NaN()},
	} {
		intercept, slope, r2 := stat.Line(c.xs, c.ys)
		for _, v := range [][2]float64{{intercept, c.intercept}, {slope, c.slope}, {r2, c.r2}} {
			if math.IsNaN(v[0]) != math.IsNaN(v[1]) || math.Abs(v[0]-v[1]) > 1e-6 {
				t.Errorf("%s: %v %v %v, want %v %v %v", name, intercept, slope, r2, c.intercept, c.slope, c.r2)
				break
			}
		}
	}
}
