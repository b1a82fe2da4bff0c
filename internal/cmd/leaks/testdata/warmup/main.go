// Command warmup loads 20 MB of tables, first much at a time and then ever less: of
// what is not loaded, two thirds in 40 seconds. It does not leak.
package main

import (
	"math"
	"time"

	"example.com/leaky/pace"
)

const unit = 1024

const (
	tables = 20e6
	slow   = 40 * time.Second
)

type loader struct{ loaded [][]byte }

// due is how many bytes are to be loaded by then.
func due(now time.Duration) float64 {
	return tables * (1 - math.Exp(-now.Seconds()/slow.Seconds()))
}

func (l *loader) load(now time.Duration) {
	for float64(len(l.loaded)*unit) < due(now) {
		l.loaded = append(l.loaded, make([]byte, unit))
	}
}

func main() {
	p := pace.Parse(100e3)
	l := &loader{}
	p.Run(unit, pace.NewHeap(4e6), func() { l.load(p.Now()) })
}
