package stability

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

func rssShapes() map[string]func(r rnd, n int) []float64 {
	base := func(n int) []float64 {
		y := make([]float64, n)
		for i := range y {
			y[i] = 6e7
		}
		return y
	}
	return map[string]func(r rnd, n int) []float64{
		"staircase": func(r rnd, n int) []float64 { // steps ever rarer
			y, k := base(n), 3+r.IntN(12)
			for range k {
				at, s := math.Pow(r.Float64(), 1.5+r.Float64()), math.Exp(13+3*r.Float64())
				for i := range y {
					if float64(i) > at*float64(n) {
						y[i] += s
					}
				}
			}
			return y
		},
		"saturating": func(r rnd, n int) []float64 {
			y, s, tau := base(n), math.Exp(15+4*r.Float64()), .02+.4*r.Float64()
			for i := range y {
				y[i] += s*(1-math.Exp(-float64(i)/float64(n)/tau)) + 2e5*r.NormFloat64()
			}
			return y
		},
		"log": func(r rnd, n int) []float64 {
			y, s, t0 := base(n), math.Exp(15+3*r.Float64()), .001+.05*r.Float64()
			for i := range y {
				y[i] += s*math.Log1p(float64(i)/float64(n)/t0) + 1e5*r.NormFloat64()
			}
			return y
		},
		"gc": func(r rnd, n int) []float64 { // sawtooth and scavenging walk
			y, x := base(n), 0.0
			p := 2 + r.IntN(20)
			phi := .9 + .099*r.Float64()
			for i := range y {
				x = phi*x + 1e6*r.NormFloat64()
				y[i] += 2e7*float64(i%p)/float64(p) + x
			}
			return y
		},
		"walk": func(r rnd, n int) []float64 {
			y := base(n)
			for i, b := range noiseKinds()["bounded walk"](r, n) {
				y[i] += 10 * b
			}
			return y
		},
		"highwater": func(r rnd, n int) []float64 { // RSS keeps the maximum of a noisy demand
			y, x, top := base(n), 0.0, 0.0
			for i := range y {
				x = .9*x + r.NormFloat64()
				top = max(top, x)
				y[i] += 5e6 * top
			}
			return y
		},
	}
}

// TestResident: resident memory that comes to rest, by stairs, slowly, or as the
// logarithm of time, is hardly ever called growing; what grows by 100 KB/s for an hour is.
func TestResident(t *testing.T) {
	bad, all := 0, 0
	for _, shape := range sorted(rssShapes()) {
		for _, n := range []int{200, 360} {
			r := rand.New(rand.NewPCG(5, uint64(n)))
			for range 60 {
				all++
				if creeps(line{times(n), shape(r, n)}) {
					bad++
				}
			}
		}
	}
	if bad*100 > all {
		t.Errorf("%d false alarms in %d", bad, all)
	}
	y := rssShapes()["saturating"](rand.New(rand.NewPCG(6, 6)), 720)
	for i := range y {
		y[i] = 6e7 + 2e5*math.Mod(float64(i), 7) + 5e5*float64(i)
	}
	if !creeps(line{times(720), y}) {
		t.Error("100 KB/s for an hour was not found")
	}
}

// work makes a soak whose operations take cpu and wait (seconds) times the machine's pace.
func work(r rnd, n int, jitter, wander float64, cpu, wait func(u float64) float64) *highwater.Soak {
	s := &highwater.Soak{Source: highwater.SourceProbe}
	pace, cp := 0.0, 0.0
	for i := range n {
		u := float64(i) / float64(n)
		if i%12 == 0 {
			pace = .5*pace + wander*r.NormFloat64()*.87
			cp = .5*cp + wander/3*r.NormFloat64()*.87
		}
		m := math.Exp(pace + jitter*r.NormFloat64())
		c := cpu(u) * math.Exp(cp+jitter/3*r.NormFloat64())
		b := cpu(u)*m*math.Exp(cp) + wait(u)*math.Exp(jitter*r.NormFloat64())
		b = max(b, c)
		s.Points = append(s.Points, highwater.SoakPoint{At: int64(i) * 5e9, Heap: 1e7, Work: &highwater.SoakWork{
			Ops: 1000, Busy: time.Duration(b * 1e12), CPU: time.Duration(c * 1e12),
			P50: time.Duration(b * 1e9), P95: time.Duration(b * 1.5e9 * math.Exp(.2*r.NormFloat64())),
		}})
	}
	return s
}

// TestSpeed: a machine whose speed wanders by 20 % from minute to minute is no slow-down;
// operations that wait twice as long at the end are.
func TestSpeed(t *testing.T) {
	flat := func(x float64) func(float64) float64 { return func(float64) float64 { return x } }
	twice := func(u float64) float64 { return 1e-3 * (1 + u) }
	slow := func(cpu, wait func(float64) float64, wander float64) (n int) {
		r := rand.New(rand.NewPCG(7, 7))
		for range 60 {
			if s, _ := newView(work(r, 240, .05, wander, cpu, wait)).slowDowns(StandardSlow); len(s) > 0 {
				n++
			}
		}
		return n
	}
	if n := slow(flat(1e-3), flat(0), .2) + slow(flat(1e-4), flat(1e-3), .2); n > 0 {
		t.Errorf("%d of 120 that do not slow down are said to", n)
	}
	if n := slow(flat(1e-4), twice, .2); n < 48 {
		t.Errorf("%d of 60 that wait twice as long were found", n)
	}
	if n := slow(twice, flat(0), .02); n < 48 {
		t.Errorf("%d of 60 that compute twice as long were found", n)
	}
}
