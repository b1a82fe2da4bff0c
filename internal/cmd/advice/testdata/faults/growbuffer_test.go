package faults

import (
	"bytes"
	"testing"
)

var document *bytes.Buffer

// 65,000 B in pieces of 5 B: the buffer doubles from 64 to 65,536 B, 131,008 B in all. With
// Grow(65000) it takes 65,536 B.
func write(pieces int) *bytes.Buffer {
	var out bytes.Buffer
	for range pieces {
		out.WriteString("five ") // FAULT preallocate 65472 op
	}
	return &out
}

func BenchmarkGrowBuffer(b *testing.B) {
	for b.Loop() {
		document = write(13_000)
	}
}
