package stability

import (
	"math"
	"slices"
)

// detectable finds the smallest leak that the judges would have found here, by asking
// them: what is left of live memory about its line is this soak's own noise; a leak is
// added to it, ever smaller, until it is not found any more. The noise is used in
// several orders, turned round and shifted, and the largest of the results is told, so
// that what is a third larger is found in nearly every soak of this kind.
func (a *assessed) detectable() {
	a.Detectable, a.DetectableSite = 0, 0
	rest := a.seen.of(live).from(a.warm)
	n := rest.len()
	if rest.enough() {
		tr := look(rest)
		noise := make([]float64, n)
		for i, t := range rest.t {
			noise[i] = rest.y[i] - tr.fit.At(t)
		}
		worst := 0.0
		for k := range detectOrders {
			shifted := slices.Concat(noise[k*n/detectOrders:], noise[:k*n/detectOrders])
			if k%2 == 1 {
				slices.Reverse(shifted)
			}
			worst = math.Max(worst, smallest(rest.t, shifted, a.level, tr.floor()/rest.span()))
		}
		a.Detectable = finite(worst * 3600)
	}
	if len(a.view.soak.Sites) > 0 && rest.ample() {
		// So many samples of the profile come nearly always evenly enough.
		a.DetectableSite = finite(math.Max(siteBytes, siteSamples*float64(max(a.view.soak.Rate, 0))) / rest.span() * 3600)
	}
}

const (
	detectOrders = 8
	siteSamples  = 22
)

// smallest bisects for the leak, in bytes a second, that is found in this noise.
func smallest(t, noise []float64, level, from float64) float64 {
	y := make([]float64, len(t))
	found := func(leak float64) bool {
		for i := range t {
			y[i] = level + noise[i] + leak*(t[i]-t[0])
		}
		return look(line{t, y}).leaks()
	}
	high := math.Max(from, 1e-3)
	for step := 0; !found(high); step++ {
		if step == 20 {
			return high
		}
		high *= 2
	}
	low := high / 2
	for range 4 {
		if mid := (low + high) / 2; found(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}
