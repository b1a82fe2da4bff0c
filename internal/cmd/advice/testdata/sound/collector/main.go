// Command collector keeps 8 MB and makes garbage, with the runtime's own settings.
package main

import (
	"crypto/sha256"
	"math/rand/v2"
)

var kept [][]byte

var (
	last []byte
	sum  [sha256.Size]byte
)

func main() {
	for range 8 {
		kept = append(kept, make([]byte, 1e6))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for {
		last = make([]byte, 1+r.IntN(128<<10))
		for range 3 { // work, beside which the collector's is little
			sum = sha256.Sum256(last)
		}
	}
}
