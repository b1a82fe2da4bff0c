package faults

import "testing"

var squares map[int]int

// The one table of the map doubles from 8 slots to 1,024: 144, 288, 576, 1152, 2304, 4864,
// 9472 and 18432 B, which are 37,232 B. With 896 entries it splits into two of 18,432 B,
// which is what a map that was made for 1,000 entries has from the beginning.
func square(n int) map[int]int {
	out := map[int]int{}
	for i := range n {
		out[i] = i * i // FAULT preallocate 37232 op
	}
	return out
}

func BenchmarkGrowMap(b *testing.B) {
	for b.Loop() {
		squares = square(1000)
	}
}
