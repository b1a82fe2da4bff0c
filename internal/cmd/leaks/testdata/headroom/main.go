// Command headroom makes ten times as much garbage after a minute, and after another
// one lets the collector run less often. What it holds stays the same, and so it does
// not leak, however much its resident memory grows.
package main

import (
	"runtime/debug"
	"time"

	"example.com/leaky/pace"
)

// unit is garbage.
const unit = 8 << 10

type server struct {
	last  []byte
	eased bool
}

// busy is how often a request is made for each that is due.
func busy(now time.Duration) int {
	if now < time.Minute {
		return 1
	}
	return 10
}

func (s *server) request(now time.Duration) {
	for range busy(now) {
		s.last = make([]byte, unit)
	}
	if now >= 2*time.Minute && !s.eased {
		debug.SetGCPercent(400)
		s.eased = true
	}
}

func main() {
	p := pace.Parse(1e6)
	s := &server{}
	p.Run(unit, pace.NewHeap(8e6), func() { s.request(p.Now()) })
}
