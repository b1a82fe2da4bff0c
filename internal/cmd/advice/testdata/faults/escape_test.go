package faults

import "testing"

type matrix [26]int64 // 208 B

type norm interface{ of(*matrix) int64 }

type trace struct{}

func (trace) of(m *matrix) (sum int64) {
	for _, v := range m {
		sum += v
	}
	return sum
}

type first struct{}

func (first) of(m *matrix) int64 { return m[0] }

var norms = []norm{trace{}, first{}}

// 100 matrices of 208 B go to the heap because a method of an interface sees them.
func measure(n int) (sum int64) {
	for i := range n {
		var m matrix // FAULT escape 20800 op
		m[i%len(m)] = 1
		sum += norms[i%2].of(&m)
	}
	return sum
}

func BenchmarkEscape(b *testing.B) {
	for b.Loop() {
		measure(100)
	}
}
