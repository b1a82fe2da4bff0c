package faults

import "testing"

type order struct{ items []string }

var pending *order

func (o *order) add(item string) {
	o.items = append(o.items, item) // FAULT preallocate 10608 op
}

// Room for strings of 16 B grows through 16, 32, 64, 128, 256, 512, 1152, 2304, 4864 and
// 9472 B, 18,800 B in all: from 512 B on an object with pointers has a header of 8 B, which
// puts it into the next size class. Room for 500 takes 8,192 B.
func BenchmarkGrowField(b *testing.B) {
	for b.Loop() {
		pending = new(order)
		for range 500 {
			pending.add("item")
		}
	}
}
