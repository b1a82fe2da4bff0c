// Command goroutine asks a backend and does not wait for slow answers. Leaking, the
// goroutine that has the answer waits for ever to give it to somebody; in the clean
// twin there is room for it in the channel.
package main

import "example.com/leaky/pace"

// unit is a goroutine with its stack, the answer and the channel.
const unit = 2048 + 448 + 1024 + 96 + 48

type api struct{ leak bool }

func (a api) ask() {
	room := 1
	if a.leak {
		room = 0
	}
	answers := make(chan []byte, room) // LEAK
	go fetch(answers)                  // LEAK
	// The deadline has passed already.
	select {
	case <-answers:
	default:
	}
}

func fetch(answers chan<- []byte) {
	answers <- make([]byte, 1024) // LEAK
}

func main() {
	p := pace.Parse(10e3)
	p.Run(unit, pace.NewHeap(4e6), api{p.Leak}.ask)
}
