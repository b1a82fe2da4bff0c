// Command sawtooth collects 5 MB in 20 seconds, writes them out, and begins again.
// It does not leak.
package main

import "example.com/leaky/pace"

const (
	unit  = 10 << 10
	batch = 512 // rows
)

type writer struct{ rows [][]byte }

func (w *writer) row() {
	if len(w.rows) == batch {
		clear(w.rows) // they are written
		w.rows = w.rows[:0]
	}
	w.rows = append(w.rows, make([]byte, unit))
}

func main() {
	p := pace.Parse(unit * batch / 20.)
	p.Run(unit, pace.NewHeap(4e6), (&writer{}).row)
}
