package faults

import (
	"fmt"
	"testing"
)

// 100 keys of 48 B, and two numbers of 8 B boxed for each.
func keys(n int) (total int) {
	for i := range n {
		total += vowels(fmt.Sprintf("k%023d-%023d", i+1000, i+2000)) // FAULT conversion 6400 op
	}
	return total
}

func BenchmarkFormat(b *testing.B) {
	for b.Loop() {
		keys(100)
	}
}
