// Command audit writes down who did what, in a variable of the package. Leaking, it
// appends; its clean twin overwrites the oldest entry of a ring.
package main

import "example.com/leaky/pace"

// unit is an entry, and its place in a slice that has up to a quarter to spare.
const unit = 512 + 10

const size = 500

type entry struct {
	number int
	what   [504]byte
}

var (
	trail []*entry
	last  int
)

func record(leak bool) {
	last++
	if leak || len(trail) < size {
		trail = append(trail, &entry{number: last}) // LEAK
		return
	}
	trail[last%size] = &entry{number: last}
}

func main() {
	p := pace.Parse(10e3)
	for range size {
		record(false)
	}
	p.Run(unit, pace.NewHeap(4e6), func() { record(p.Leak) })
}
