// Command workers has a pool of goroutines, each with a buffer of 16 KB, which grows
// by one every other second until there are 64. It does not leak.
package main

import (
	"time"

	"example.com/leaky/pace"
)

const unit = 16 << 10

const (
	most  = 64
	every = 2 * time.Second
)

type pool struct {
	jobs    chan int
	workers int
}

// wanted is how many workers there are to be by then.
func wanted(now time.Duration) int { return min(1+int(now/every), most) }

func (p *pool) job(now time.Duration) {
	for ; p.workers < wanted(now); p.workers++ {
		go work(p.jobs)
	}
	p.jobs <- p.workers
}

func work(jobs <-chan int) {
	buffer := make([]byte, unit)
	for job := range jobs {
		buffer[job%len(buffer)]++
	}
}

func main() {
	p := pace.Parse(100e3)
	workers := &pool{jobs: make(chan int)}
	p.Run(unit, pace.NewHeap(4e6), func() { workers.job(p.Now()) })
}
