// Command collector keeps 40 MB and makes garbage, with next to nothing for the collector to
// do: it lets the heap grow to five times what is live all the same.
package main

import (
	"math/rand/v2"
	"runtime/debug"
	"time"
)

var kept [][]byte

var last []byte

// With half of that the heap's peak is 40 MB · (1 + 2), in place of 40 MB · (1 + 4).
func main() {
	debug.SetGCPercent(400) // FAULT collector 80000000 live
	for range 40 {
		kept = append(kept, make([]byte, 1e6))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for {
		for range 4 {
			last = make([]byte, 1+r.IntN(128<<10)) // of all sizes: nothing that could be used again as it is
			last[0] = 1
		}
		time.Sleep(time.Millisecond)
	}
}
