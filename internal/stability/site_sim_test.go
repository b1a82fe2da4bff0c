package stability

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// sampledLeak is what a profile of rate 4096 shows of a site that leaks so many bytes a
// checkpoint in objects of one size.
func sampledLeak(r rnd, n int, perPoint, obj float64, from int) []int64 {
	y := make([]int64, n)
	p := 1 - math.Exp(-obj/4096)
	var have float64
	var carry float64
	for i := range y {
		if i >= from {
			carry += perPoint
			for carry >= obj {
				carry -= obj
				if r.Float64() < p {
					have += obj / p
				}
			}
		}
		y[i] = int64(have)
	}
	return y
}

func soakOf(r rnd, n int, total []float64, sites [][]int64) *highwater.Soak {
	s := &highwater.Soak{Source: highwater.SourceProbe, Rate: 4096, Interval: 5 * time.Second}
	for i := range n {
		s.Points = append(s.Points, highwater.SoakPoint{At: int64(i) * 5e9, Op: int64(i) * 100, Heap: int64(total[i]), RSS: 1e8, Runtime: 9e7})
	}
	for k, b := range sites {
		s.Sites = append(s.Sites, highwater.SiteSeries{Bytes: b, Site: highwater.Site{Fingerprint: fmt.Sprint(k)}})
	}
	return s
}

// TestSitePower: leaks at a site of their own, seen through a profile of every 4096
// bytes, among them 480 KB an hour on 11 MB, found within 10 minutes.
func TestSitePower(t *testing.T) {
	for _, c := range []struct {
		rate, object float64
		n            int
	}{{133.3, 256, 120}, {1e3, 512, 36}, {1e4, 512, 24}, {1e5, 4096, 24}, {1e3, 65536, 120}} {
		found := 0
		r := rand.New(rand.NewPCG(3, 3))
		const trials = 40
		for range trials {
			live := make([]float64, c.n)
			for i := range live {
				live[i] = 1.1e7 + 4e3*r.NormFloat64() + c.rate*5*float64(i)
			}
			s := soakOf(r, c.n, live, [][]int64{sampledLeak(r, c.n, c.rate*5, c.object, 0)})
			if Assess(s, Policy{}).Course == highwater.CourseGrowing {
				found++
			}
		}
		if found < trials*9/10 {
			t.Errorf("%.0f B/s in objects of %.0f B, %d checkpoints: %d of %d found", c.rate, c.object, c.n, found, trials)
		}
	}
}

func BenchmarkAssess(b *testing.B) {
	r := rand.New(rand.NewPCG(4, 4))
	const n = 400
	tot := make([]float64, n)
	for i := range tot {
		tot[i] = 4e7 + 1e5*r.NormFloat64() + 1e4*float64(i)
	}
	var bs [][]int64
	for range 60 {
		bs = append(bs, sampledLeak(r, n, 2000, 512, 0))
	}
	s := soakOf(r, n, tot, bs)
	for b.Loop() {
		Assess(s, Policy{})
	}
}
