package main

import (
	"runtime"
	"testing"

	"example.com/leaky/truth"
)

// Once it is full it keeps no more.
func TestTruth(t *testing.T) {
	const size = 1000
	c := &cache{entries: make([][]byte, size)}
	held := func(ops int) int64 {
		for range ops {
			c.put()
		}
		runtime.GC()
		runtime.GC()
		return truth.Live()
	}
	empty, full, later := held(0), held(size), held(10*size)
	if got := full - empty; got < 0.95*size*unit || got > 1.1*size*unit {
		t.Errorf("a full cache holds %d bytes, want %d", got, size*unit)
	}
	if got := later - full; got > size*unit/10 { // the process itself may take a little
		t.Errorf("%d bytes more after it was full", got)
	}
	runtime.KeepAlive(c)
}
