// Command threads calls a library that wants a thread of its own for each session.
// Leaking, the goroutine that has the thread waits for ever for more to do; in the
// clean twin it is told that there is nothing more.
package main

import (
	"runtime"

	"example.com/leaky/pace"
)

// unit is nominal: threads are counted.
const unit = 64 << 10

type library struct{ leak bool }

func (l library) session() {
	work := make(chan int) // LEAK
	go serve(work)         // LEAK
	work <- 1
	if !l.leak {
		close(work)
	}
}

func serve(work <-chan int) {
	runtime.LockOSThread() // and with the goroutine the thread ends
	for range work {       // LEAK
	}
}

func main() {
	p := pace.Parse(10e3)
	p.Run(unit, pace.NewHeap(4e6), library{p.Leak}.session)
}
