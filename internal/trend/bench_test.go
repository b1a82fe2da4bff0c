package trend_test

import (
	"math/rand/v2"
	"testing"

	"github.com/highwater-dev/highwater/internal/trend"
)

// BenchmarkOf is a year of nightly runs, with and without something to be found.
func BenchmarkOf(b *testing.B) {
	for _, c := range []struct {
		name  string
		n     int
		step  float64
		slope float64
	}{
		{"year", 365, 0, 0},
		{"year-step", 365, 0.2, 0},
		{"year-drift", 365, 0, 0.001},
		{"10000", 10000, 0.2, 0},
		{"10000-drift", 10000, 0, 0.0001},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			ys := make([]float64, c.n)
			for i := range ys {
				ys[i] = 3e6 * (1 + 0.01*r.NormFloat64() + c.slope*float64(i))
				if i > c.n/2 {
					ys[i] += 3e6 * c.step
				}
			}
			s := nightly(ys)
			o := trend.For(s.Key)
			for b.Loop() {
				trend.Of(s, o)
			}
		})
	}
}
