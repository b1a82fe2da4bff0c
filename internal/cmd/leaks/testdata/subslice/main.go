// Command subslice reads messages of 4 KB and remembers the first 16 bytes of each.
// Leaking, these pin the whole message; its clean twin copies them, into a ring.
package main

import (
	"bytes"

	"example.com/leaky/pace"
)

// unit is a message, and the header of the slice that points to it.
const unit = 4096 + 27

// recent is how many identifiers are of interest to anybody.
const recent = 256

type reader struct {
	leak bool
	ids  [][]byte
	n    int
}

func newReader(leak bool) *reader {
	r := &reader{leak: leak}
	if !leak {
		r.ids = make([][]byte, recent)
	}
	for range recent {
		r.read()
	}
	return r
}

func (r *reader) read() {
	message := make([]byte, 4096) // LEAK
	message[0] = byte(r.n)
	id := message[:16]
	if r.leak {
		r.ids = append(r.ids, id) // LEAK
	} else {
		r.ids[r.n%recent] = bytes.Clone(id)
	}
	r.n++
}

func main() {
	p := pace.Parse(10e3)
	r := newReader(p.Leak)
	p.Run(unit, pace.NewHeap(4e6), r.read)
}
