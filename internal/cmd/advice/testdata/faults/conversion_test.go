package faults

import (
	"bytes"
	"testing"
)

var line = bytes.Repeat([]byte("k"), 48)

//go:noinline
func vowels(text string) (n int) {
	for _, c := range text {
		if c == 'a' || c == 'e' {
			n++
		}
	}
	return n
}

// 100 lines of 48 B are copied for a function that reads them.
func scan(lines int) (n int) {
	for range lines {
		n += vowels(string(line)) // FAULT conversion 4800 op
	}
	return n
}

func BenchmarkConversion(b *testing.B) {
	for b.Loop() {
		scan(100)
	}
}
