package faults

import (
	"strings"
	"testing"
)

var greeting string

// 5,000 B: the builder grows through 8, 16, 32, 64, 128, 256, 512, 896, 1408, 2048, 3072,
// 4096 and 5376 B, which are 17,912 B. With Grow(5000) it takes 5,376 B.
func greet(times int) string {
	var out strings.Builder
	for range times {
		out.WriteString("hello") // FAULT preallocate 12536 op
	}
	return out.String()
}

func BenchmarkGrowBuilder(b *testing.B) {
	for b.Loop() {
		greeting = greet(1000)
	}
}
