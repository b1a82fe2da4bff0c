package main

import (
	"math"
	"slices"
)

// agreement says how far highwater's figures are from those of go test.
type agreement int

// From good to bad.
const (
	equal  agreement = iota // to those of one of its runs at least, and these are equal among each other
	close                   // within half a percent
	spread                  // between the lowest and the highest that go test gives itself
	disagree
)

// allowed is how far two figures of a benchmark that allocates the same every time
// may be apart, a ratio. Package testing cuts both off to whole numbers: 20.99 bytes
// an operation and 21.01 differ by roundedBytes, and are as close as any. Where there
// are few allocations an operation, one more is none too few to tell.
const (
	allowed      = 0.005
	roundedBytes = 1
)

// worst returns the agreement of both figures, and how far they are from the
// nearest run of go test, a ratio.
func (b benchmark) worst() (agreement, float64) {
	var bytesOp, allocs []float64
	for _, p := range b.plain {
		bytesOp, allocs = append(bytesOp, p.bytes), append(allocs, p.allocs)
	}
	a, da := agree(b.ours.bytes, bytesOp, roundedBytes)
	c, dc := agree(b.ours.allocs, allocs, 0)
	verdict, distance := max(a, c), math.Max(da, dc)
	// Goroutines, batches and pools make a benchmark allocate another time than it
	// did before: then it may be as far off as go test is from itself.
	if own := math.Max(width(bytesOp), width(allocs)); verdict == disagree && own > allowed && distance <= own {
		verdict = spread
	}
	return verdict, distance
}

// width is how far go test's own runs are apart, a ratio.
func width(plain []float64) float64 {
	low, high := slices.Min(plain), slices.Max(plain)
	return (high - low) / math.Max(low, 1)
}

// agree compares a figure with those of go test.
func agree(ours float64, plain []float64, rounded float64) (agreement, float64) {
	low, high, nearest := slices.Min(plain), slices.Max(plain), math.Inf(1)
	for _, p := range plain {
		if d := math.Abs(ours - p); d < math.Abs(ours-nearest) {
			nearest = p
		}
	}
	distance := 0.0
	if ours != nearest {
		distance = math.Abs(ours-nearest) / math.Max(nearest, 1)
	}
	switch {
	case ours == low && ours == high:
		return equal, 0
	case distance <= allowed, math.Abs(ours-nearest) <= rounded:
		return close, distance
	}
	return disagree, distance
}

// A checked peak may be off by what may be allocated between two collections, in
// either of the two measurements, of which the runtime starts the next when the heap has
// grown by 40 KiB at the least (GOGC=1 of 4 MiB); and by what the empty benchmark's
// memory, which is taken off the sampler's figure, differs from process to process.
const (
	peakShare = 0.05
	peakFloor = 16 << 10
)

// peakAgrees reports whether the sampler saw the same peak, and how far it is off.
func (b benchmark) peakAgrees() (bool, int64) {
	off := b.peak - b.sampled
	return math.Abs(float64(off)) <= peakFloor+peakShare*math.Max(float64(b.peak), float64(b.sampled)), off
}
