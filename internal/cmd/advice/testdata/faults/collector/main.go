// Command collector keeps 40 MB and makes garbage, with next to nothing for the collector to
// do: it lets the heap grow to five times what is live all the same.
package main

import (
	"crypto/sha256"
	"math/rand/v2"
	"runtime/debug"
)

var kept [][]byte

var (
	last []byte
	sum  [sha256.Size]byte
)

// With half of that the heap's peak is 40 MB · (1 + 2), in place of 40 MB · (1 + 4).
func main() {
	debug.SetGCPercent(400) // FAULT collector 80000000 live
	for range 40 {
		kept = append(kept, make([]byte, 1e6))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for {
		last = make([]byte, 1+r.IntN(128<<10)) // of all sizes: nothing that could be used again as it is
		for range 3 {                          // work, beside which the collector's is little
			sum = sha256.Sum256(last)
		}
	}
}
