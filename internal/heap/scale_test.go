package heap

import (
	"math"
	"testing"
)

// reference is scaleHeapSample of Go 1.26's runtime/pprof/protomem.go, which cuts
// fractions off where Scale rounds.
func reference(count, size, rate int64) (int64, int64) {
	if count == 0 || size == 0 {
		return 0, 0
	}
	if rate <= 1 {
		return count, size
	}
	avgSize := float64(size) / float64(count)
	scale := 1 / (1 - math.Exp(-avgSize/float64(rate)))
	return int64(float64(count) * scale), int64(float64(size) * scale)
}

func TestScale(t *testing.T) {
	for _, rate := range []int{0, 1, 2, 512, 4096, 512 << 10} {
		for _, size := range []int64{1, 16, 64, 1024, 4096, 100_000, 1 << 30} {
			for _, count := range []int64{1, 3, 1000} {
				objects, bytes := Scale(count, count*size, rate)
				o, b := reference(count, count*size, int64(rate))
				if objects-o < 0 || objects-o > 1 || bytes-b < 0 || bytes-b > 1 {
					t.Errorf("%d objects of %d at rate %d: %d, %d; pprof says %d, %d", count, size, rate, objects, bytes, o, b)
				}
			}
		}
	}
	// By hand: objects as large as the rate are sampled with probability 1-1/e.
	if objects, bytes := Scale(1000, 1000*4096, 4096); objects != 1582 || bytes != 6479777 {
		t.Errorf("got %d, %d; want 1000 and 4096000 over 0.63212", objects, bytes)
	}
	for _, c := range [][2]int64{{0, 0}, {0, 5}, {5, 0}, {-1, -16}} {
		if objects, bytes := Scale(c[0], c[1], 512); objects != c[0] || bytes != c[1] {
			t.Errorf("%v: got %d, %d; want it unchanged", c, objects, bytes)
		}
	}
}
