// Command listeners tells its views of changes. Leaking, a view that was closed is
// told for ever; its clean twin takes it off the list.
package main

import "example.com/leaky/pace"

// unit is a view, the function that it is told by, and its place in the map.
const unit = 512 + 16 + 30

type view struct {
	seen  int
	cells [504]byte
}

func (v *view) changed(n int) { v.seen = n }

type model struct {
	leak bool
	next int
	tell map[int]func(int)
}

func newModel(leak bool) *model { return &model{leak: leak, tell: map[int]func(int){}} }

func (m *model) open() {
	v := &view{} // LEAK
	m.next++
	m.tell[m.next] = v.changed // LEAK
	if !m.leak {
		delete(m.tell, m.next)
	}
}

func main() {
	p := pace.Parse(10e3)
	m := newModel(p.Leak)
	p.Run(unit, pace.NewHeap(4e6), m.open)
}
