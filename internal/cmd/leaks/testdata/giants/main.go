// Command giants encodes messages into buffers from a free list, few of them giant.
// Leaking, it puts giant buffers on the list too, at its far end, where nobody looks
// for them; its clean twin lets them go.
package main

import "example.com/leaky/pace"

const (
	small = 1 << 10
	giant = 16 << 10
	rare  = 16 // one message in that many is giant
	unit  = giant + 27
)

type encoder struct {
	leak  bool
	free  [][]byte // for the next message
	large [][]byte
}

// messages encodes rare of them, the last of which is giant.
func (e *encoder) messages() {
	for range rare - 1 {
		e.put(e.encode(small))
	}
	e.put(e.encode(giant))
}

func (e *encoder) encode(size int) []byte {
	buffer := e.get()
	if cap(buffer) < size {
		buffer = make([]byte, 0, size) // LEAK
	}
	return append(buffer, "message"...)
}

func (e *encoder) get() []byte {
	n := len(e.free)
	if n == 0 {
		return nil
	}
	buffer := e.free[n-1]
	e.free = e.free[:n-1]
	return buffer
}

func (e *encoder) put(buffer []byte) {
	switch {
	case cap(buffer) <= small:
		e.free = append(e.free, buffer[:0])
	case e.leak:
		e.large = append(e.large, buffer[:0]) // LEAK
	}
}

func main() {
	p := pace.Parse(10e3)
	e := &encoder{leak: p.Leak}
	p.Run(unit, pace.NewHeap(4e6), e.messages)
}
