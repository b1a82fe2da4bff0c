package faults

import "testing"

type order struct{ items []string }

var pending *order

func (o *order) add(item string) {
	o.items = append(o.items, item) // FAULT preallocate 8176 op
}

// Room for 1, 2, 4, …, 512 strings of 16 B is 16,368 B in all; 500 of them take 8,192 B.
func BenchmarkGrowField(b *testing.B) {
	for b.Loop() {
		pending = new(order)
		for range 500 {
			pending.add("item")
		}
	}
}
