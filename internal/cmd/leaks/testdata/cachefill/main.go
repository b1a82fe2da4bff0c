// Command cachefill has a cache that is full after two minutes, and then forgets an
// entry for each new one. It does not leak.
package main

import "example.com/leaky/pace"

const unit = 1024

// filling is how long it takes to be full, in seconds.
const filling = 120

type cache struct {
	entries [][]byte
	next    int
}

func (c *cache) put() {
	c.entries[c.next%len(c.entries)] = make([]byte, unit)
	c.next++
}

func main() {
	p := pace.Parse(50e3)
	c := &cache{entries: make([][]byte, int(p.Rate*filling/unit))}
	p.Run(unit, pace.NewHeap(4e6), c.put)
}
