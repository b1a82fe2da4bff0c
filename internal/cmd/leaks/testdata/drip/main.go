// Command drip has 40 MB that come and go, and every 30 seconds a batch of 5 MB for
// five seconds. Leaking, it keeps a line of its log beside that, a kilobyte a second
// unless told otherwise; its clean twin keeps the last 64 lines.
package main

import (
	"time"

	"example.com/leaky/pace"
)

const unit = 256 + 27

const size = 64

type log struct {
	leak  bool
	lines [][]byte
	next  int
}

func (l *log) line() {
	text := make([]byte, 256) // LEAK
	if l.leak || len(l.lines) < size {
		l.lines = append(l.lines, text) // LEAK
		return
	}
	l.lines[l.next%size] = text
	l.next++
}

// batch is work that holds much for a short time.
type batch struct{ held [][]byte }

func (b *batch) at(now time.Duration) {
	due := now%(30*time.Second) >= 25*time.Second
	switch {
	case due && b.held == nil:
		for range 500 {
			b.held = append(b.held, make([]byte, 10e3))
		}
	case !due:
		b.held = nil
	}
}

func main() {
	p := pace.Parse(1e3)
	l := &log{leak: p.Leak}
	b := &batch{}
	heap := pace.NewHeap(40e6)
	go func() {
		for range time.Tick(p.Tick) {
			b.at(p.Now())
		}
	}()
	p.Run(unit, heap, l.line)
}
