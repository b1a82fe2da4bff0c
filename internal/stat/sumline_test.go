package stat_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/highwater-dev/highwater/internal/stat"
)

func TestSumLine(t *testing.T) {
	const even = 1e9 // a floor above every y: the weights are equal, and the line that of textbooks
	for name, c := range map[string]struct {
		xs, ys               []float64
		floor                float64
		intercept, slope, r2 float64
	}{
		"exact":         {[]float64{1, 10, 100, 1000}, []float64{73, 100, 370, 3070}, 1, 70, 3, 1},
		"flat":          {[]float64{1, 2, 3}, []float64{5, 5, 5}, 1, 5, 0, 1},
		"none below":    {[]float64{0, 1, 2}, []float64{-8, 0, 8}, 1, -8, 8, 1},
		"by hand":       {[]float64{0, 1, 2}, []float64{0, 2, 1}, even, 0.5, 0.5, 0.25},
		"weighted":      {[]float64{0, 1, 2}, []float64{1, 2, 1}, 0.5, 1.2, 0, 0},
		"Anscombe's I":  {[]float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}, []float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}, even, 3.000091, 0.500091, 0.666542},
		"one x":         {[]float64{2, 2}, []float64{1, 3}, 1, math.NaN(), math.NaN(), math.NaN()},
		"nothing given": {nil, nil, 1, math.NaN(), math.NaN(), math.NaN()},
	} {
		f := stat.SumLine(c.xs, c.ys, c.floor)
		for _, v := range [][2]float64{{f.Intercept, c.intercept}, {f.Slope, c.slope}, {f.R2, c.r2}} {
			if math.IsNaN(v[0]) != math.IsNaN(v[1]) || math.Abs(v[0]-v[1]) > 1e-6 {
				t.Errorf("%s: %+v, want %v %v %v", name, f, c.intercept, c.slope, c.r2)
				break
			}
		}
	}
}

// Readings of concurrent_sessions: 18 to 23 KB for one more, and a first one that
// takes a span of stacks besides. Unweighted least squares makes the intercept
// −11,930, and R² says 1.0000.
func TestLineThroughPowersOfTen(t *testing.T) {
	xs, ys := []float64{1, 10, 100, 1000}, []float64{50_536, 216_168, 2_293_992, 23_416_656}
	f := stat.SumLine(xs, ys, 32<<10)
	if f.Intercept < 10_000 || f.Intercept > 32_000 {
		t.Errorf("intercept %.0f, want between 10 and 32 KB: one alone holds 50 KB, and one more costs 18 to 23", f.Intercept)
	}
	if f.Slope < 23_000 || f.Slope > 23_500 {
		t.Errorf("slope %.0f, want that of the large numbers, 23.0 to 23.5 KB", f.Slope)
	}
	if f.R2 < 0.999 {
		t.Errorf("R² %.4f: it was to say nothing", f.R2)
	}
	if f.Worst < 0.15 || f.Worst > 0.20 || f.WorstAt > 1 {
		t.Errorf("off by %.3f at point %d, want by 0.18 at the first", f.Worst, f.WorstAt)
	}
}

// A span of stacks more or less in one small reading must not move the slope.
func TestSlopeIsSteady(t *testing.T) {
	xs := []float64{1, 10, 100, 300}
	a := stat.SumLine(xs, []float64{26_496, 111_288, 1_451_712, 4_390_272}, 32<<10)
	b := stat.SumLine(xs, []float64{26_496, 144_056, 1_451_712, 4_390_272}, 32<<10)
	if d := math.Abs(a.Slope-b.Slope) / b.Slope; d > 0.005 {
		t.Errorf("slopes %.0f and %.0f", a.Slope, b.Slope)
	}
}

// Sessions of 20,000 ± 2,000 bytes each, on their own, beside 50,000 fixed: the
// line finds both without bias, and the intercept better than without weights.
func TestLineIsUnbiased(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	xs := []float64{1, 10, 100, 1000}
	const runs = 2000
	var intercept, slope, off, offEven float64
	for range runs {
		ys := make([]float64, len(xs))
		for i, x := range xs {
			ys[i] = 50_000 + 20_000*x + 2000*math.Sqrt(x)*rng.NormFloat64()
		}
		f, even := stat.SumLine(xs, ys, 1), stat.SumLine(xs, ys, 1e12)
		intercept, slope = intercept+f.Intercept/runs, slope+f.Slope/runs
		off, offEven = off+math.Abs(f.Intercept-50_000)/runs, offEven+math.Abs(even.Intercept-50_000)/runs
	}
	if math.Abs(intercept-50_000) > 500 || math.Abs(slope-20_000) > 10 {
		t.Errorf("intercept %.0f, slope %.0f", intercept, slope)
	}
	if off > offEven/3 {
		t.Errorf("the intercept is off by %.0f, and by %.0f without weights", off, offEven)
	}
}
