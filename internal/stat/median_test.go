package stat_test

import (
	"math"
	"testing"

	"github.com/highwater-dev/highwater/internal/stat"
)

// The ranks are those of Conover's and of every published table of 95 %
// intervals for the median.
func TestMedianIntervalRanks(t *testing.T) {
	for _, c := range []struct{ n, low, high int }{
		{6, 1, 6}, {8, 1, 8}, {9, 2, 8}, {10, 2, 9}, {12, 3, 10}, {15, 4, 12}, {20, 6, 15}, {25, 8, 18}, {50, 18, 33}, {2000, 956, 1045},
	} {
		xs := make([]float64, c.n)
		for i := range xs {
			xs[i] = float64(i + 1)
		}
		got := stat.MedianInterval(xs)
		if got.Low != float64(c.low) || got.High != float64(c.high) {
			t.Errorf("n = %d: ranks %v to %v, want %d to %d", c.n, got.Low, got.High, c.low, c.high)
		}
	}
	if got := stat.MedianInterval([]float64{1, 2, 3}); !math.IsInf(got.Low, -1) || got.Center != 2 {
		t.Errorf("of three values: %+v", got)
	}
}
