package heap

import "math"

// Scale estimates what the samples of one stack stand for, as
// runtime/pprof.scaleHeapSample does: an object of size s is sampled with the
// probability 1-exp(-s/rate). Rate is in bytes.
func Scale(objects, bytes int64, rate int) (int64, int64) {
	if objects <= 0 || bytes <= 0 || rate <= 1 {
		return objects, bytes
	}
	size := float64(bytes) / float64(objects)
	factor := 1 / (1 - math.Exp(-size/float64(rate)))
	return int64(math.Round(float64(objects) * factor)), int64(math.Round(float64(bytes) * factor))
}
