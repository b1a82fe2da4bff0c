// Command pools takes buffers of all sizes from a sync.Pool and puts them back, many
// at a time now and then. It does not leak.
package main

import (
	"math/rand/v2"
	"sync"

	"example.com/leaky/pace"
)

// unit is nominal: it is passed through the pool, and not kept.
const unit = 16 << 10

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// burst is how many are in use at once: mostly one.
func burst() int {
	if rand.IntN(50) == 0 {
		return 40
	}
	return 1
}

func handle() {
	var used []*[]byte
	for range burst() {
		b := buffers.Get().(*[]byte)
		if size := 1 + rand.IntN(2*unit); cap(*b) < size {
			*b = make([]byte, size)
		}
		used = append(used, b)
	}
	for _, b := range used {
		buffers.Put(b)
	}
}

func main() {
	p := pace.Parse(4e6)
	p.Run(unit, pace.NewHeap(4e6), handle)
}
