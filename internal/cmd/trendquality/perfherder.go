package main

import "math"

// Perfherder is what Mozilla's Treeherder alerts by. This is made after its source,
// treeherder/perfalert/perfalert/__init__.py at commit
// 0128ee0fbe639c9eb35c74aaa7742051f0de8e5f, with its defaults: windows of 12 to 24
// points back and 12 forward, weighted linearly, and t above 7. An alert is raised from
// a change of 2 % on (Treeherder's default alert threshold).
const (
	backLeast, backMost = 12, 24
	forward             = 12
	tThreshold          = 7
	alertThreshold      = 0.02
)

type window struct {
	mean, variance float64
	n              int
}

// weigh has the nearest point first and gives it the most weight; the variance is about
// the weighted mean and not weighted itself.
func weigh(ys []float64) window {
	w := window{n: len(ys)}
	var sum, weights float64
	for i, y := range ys {
		weight := float64(len(ys)-i) / float64(len(ys))
		sum += weight * y
		weights += weight
	}
	if w.n > 0 {
		w.mean = sum / weights
	}
	if w.n > 1 {
		for _, y := range ys {
			w.variance += (y - w.mean) * (y - w.mean) / float64(w.n-1)
		}
	}
	return w
}

func tOf(a, b window) float64 {
	switch difference := math.Abs(b.mean - a.mean); {
	case a.n == 0 || b.n == 0 || difference == 0:
		return 0
	case a.variance == 0 && b.variance == 0:
		return math.Inf(1)
	default:
		return difference / math.Sqrt(a.variance/float64(a.n)+b.variance/float64(b.n))
	}
}

// perfherderChanges returns where the changes are.
func perfherderChanges(ys []float64, backLeast, backMost, forward int, threshold float64) []int {
	n := len(ys)
	ts := make([]float64, n)
	back := make([]int, n)
	quiet := 0 // points since t was last above the threshold
	for i := 1; i < n; i++ {
		back[i] = min(i, min(max(quiet, backLeast), backMost))
		before := make([]float64, 0, back[i])
		for j := i - 1; j >= i-back[i]; j-- {
			before = append(before, ys[j])
		}
		ts[i] = tOf(weigh(before), weigh(ys[i:min(n, i+forward)]))
		if ts[i] > threshold {
			quiet = 0
		} else {
			quiet++
		}
	}
	var found []int
	for i := 1; i < n; i++ {
		switch {
		case back[i] < backLeast || n-i < forward, ts[i] <= threshold, ts[i-1] > ts[i], i+1 < n && ts[i+1] > ts[i]:
		default:
			found = append(found, i)
		}
	}
	return found
}

func perfherder(ys []float64) (int, bool) {
	found := perfherderChanges(ys, backLeast, backMost, forward, tThreshold)
	for k := len(found) - 1; k >= 0; k-- {
		i := found[k]
		before, after := 0.0, 0.0
		from := max(0, i-backMost)
		for _, y := range ys[from:i] {
			before += y / float64(i-from)
		}
		for _, y := range ys[i : i+forward] {
			after += y / forward
		}
		if off(before, after) >= alertThreshold {
			return i, true
		}
	}
	return 0, false
}
