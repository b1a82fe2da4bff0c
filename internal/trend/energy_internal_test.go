package trend

import (
	"math"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }

// The numbers are those of PERF-1635 in MongoDB's signal-processing-algorithms
// (tests/test_perf_1635.py at commit 74d6a8fa), which was wrong by the integer division
// mn/(m+n), as it says itself; it is put right here.
func TestEnergyAsMongoDB(t *testing.T) {
	ys := []float64{1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3}
	want := []float64{
		0, 0, 1.3777777777777778, 3.4444444444444438, 4.428571428571429, 2.971428571428571,
		3.599999999999999, 2.342857142857143, 2.857142857142857, 4.666666666666666, 0, 0,
	}
	for i, q := range energy(ys) {
		n, m := float64(i), float64(len(ys)-i)
		if share := n * m / (n + m); share > 0 {
			q *= math.Floor(share) / share
		}
		if i >= 2 && i < 10 && !near(q, want[i]) {
			t.Errorf("Q at %d is %v, want %v", i, q, want[i])
		}
	}
}

// Those of tests/test_detection.py at commit 1c11f3ab, after the division was put right:
// the first change of three uniform levels, and the second, of the part before it.
func TestEnergyOfThreeLevels(t *testing.T) {
	ys := []float64{
		41, 18, 23, 3, 32, 11, 40, 13, 29, 48, 47, 35, 18, 21, 6, 2, 23, 3, 4, 7,
		120, 103, 102, 81, 71, 62, 115, 61, 108, 63, 70, 98, 65, 96, 64, 74, 70, 113, 90, 114,
		208, 196, 153, 150, 225, 179, 206, 165, 177, 151, 218, 217, 244, 245, 229, 195, 225, 229, 176, 250,
	}
	for _, c := range []struct {
		ys []float64
		at int
		q  float64
	}{
		{ys, 40, 2848.1169590643276},
		{ys[:40], 20, 893.578947368421},
	} {
		qs := energy(c.ys)
		if at := best(qs); at != c.at || !near(qs[at], c.q) {
			t.Errorf("the best split is at %d with Q %v, want %d with %v", at, qs[at], c.at, c.q)
		}
	}
}

// And of its regression with a stray before it.
func TestEnergyOfOneStep(t *testing.T) {
	ys := make([]float64, 30)
	for i := range ys {
		ys[i] = 50
		if i == 2 || i >= 15 {
			ys[i] = 100
		}
	}
	qs := energy(ys)
	if at := best(qs); at != 15 || !near(qs[at], 649.9999999999999) {
		t.Errorf("the best split is at %d with Q %v", at, qs[at])
	}
}
