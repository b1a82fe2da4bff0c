// Package pace lets a program do its work at a steady rate, beside the churn that
// any program has. Where speed is above 1 its time passes that much faster: all
// rates are multiplied, and all its times divided by it.
package pace

import (
	"flag"
	"math/rand/v2"
	"os"
	"time"
)

// Pace is how fast a program works, and whether it gives back what it took.
type Pace struct {
	Rate  float64 // bytes a second that are taken and, if Leak, kept
	Leak  bool
	Tick  time.Duration // between two goes at the work
	Speed float64

	begun time.Time
}

// Parse reads the program's flags. Rate and heap are the program's own defaults.
func Parse(rate float64) *Pace {
	p := &Pace{}
	flag.Float64Var(&p.Rate, "rate", rate, "take that many `bytes` a second")
	flag.BoolVar(&p.Leak, "leak", false, "never give back")
	flag.DurationVar(&p.Tick, "tick", 10*time.Millisecond, "time between two goes at the work")
	flag.Float64Var(&p.Speed, "speed", 1, "how much faster time passes")
	flag.Parse()
	if p.Rate < 0 || p.Tick <= 0 || p.Speed <= 0 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	p.begun = time.Now()
	return p
}

// Now is the program's own time since it began.
func (p *Pace) Now() time.Duration {
	return time.Duration(float64(time.Since(p.begun)) * p.Speed)
}

// Run works for ever: it calls op as often as its rate asks for, where each call
// takes unit bytes, and noise at each tick. It goes by the clock: what a busy
// machine made it miss is done at the next tick.
func (p *Pace) Run(unit int, noise *Heap, op func()) {
	done := 0.0
	for range time.Tick(p.Tick) {
		now := p.Now().Seconds()
		for ; (done+1)*float64(unit) <= p.Rate*now; done++ {
			op()
		}
		noise.Churn(now)
	}
}

// Heap is the live memory of a program whose objects come and go: strings of
// characters of 64 bytes to 2 KB, each of which is replaced by another one in time.
type Heap struct {
	objects [][]byte
	turned  float64
}

// Turnover is how often an object is replaced, in a second of the program's time.
const turnover = 0.05

// NewHeap returns one of about that many bytes.
func NewHeap(bytes int) *Heap {
	h := &Heap{objects: make([][]byte, bytes/1100)}
	for i := range h.objects {
		h.objects[i] = object()
	}
	return h
}

func object() []byte { return make([]byte, 64+rand.IntN(1984)) }

// Churn replaces as many objects as are due at that time, in seconds.
func (h *Heap) Churn(now float64) {
	n := int((now - h.turned) * turnover * float64(len(h.objects)))
	if n == 0 {
		return // the next tick has more
	}
	h.turned = now
	for range min(n, len(h.objects)) {
		h.objects[rand.IntN(len(h.objects))] = object()
	}
}
