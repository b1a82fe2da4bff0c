package faults

import "testing"

var numbers []int

// A slice of 10,000 words grows through 8, 16, …, 4096, 6784, 10240, 14336, 20480, 27264,
// 40960, 57344, 73728 and 98304 B, 357,616 B in all. Made at once it takes 81,920 B.
func collect(n int) []int {
	var out []int
	for i := range n {
		out = append(out, i) // FAULT preallocate 275696 op
	}
	return out
}

func BenchmarkGrowSlice(b *testing.B) {
	for b.Loop() {
		numbers = collect(10_000)
	}
}
