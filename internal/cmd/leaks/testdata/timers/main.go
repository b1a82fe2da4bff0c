// Command timers gives each upload a day to be finished. Leaking, the timer of one
// that is finished goes on; its clean twin stops it.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaky/pace"
)

// unit is an upload of 1 KB, its timer and function, and a place in the heap of timers.
const unit = 1024 + 112 + 16 + 24

type upload struct {
	expired atomic.Bool
	buffer  [1020]byte
}

func (u *upload) expire() { u.expired.Store(true) }

type server struct{ leak bool }

func (s server) upload() {
	u := &upload{}                                  // LEAK
	timer := time.AfterFunc(24*time.Hour, u.expire) // LEAK
	u.buffer[0] = 1
	if !s.leak {
		timer.Stop()
	}
}

func main() {
	p := pace.Parse(10e3)
	p.Run(unit, pace.NewHeap(4e6), server{p.Leak}.upload)
}
