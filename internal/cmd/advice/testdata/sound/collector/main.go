// Command collector keeps 8 MB and makes garbage, with the runtime's own settings.
package main

import (
	"math/rand/v2"
	"time"
)

var kept [][]byte

var last []byte

func main() {
	for range 8 {
		kept = append(kept, make([]byte, 1e6))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for {
		for range 4 {
			last = make([]byte, 1+r.IntN(128<<10))
			last[0] = 1
		}
		time.Sleep(time.Millisecond)
	}
}
