package main

import (
	"runtime"
	"testing"
	"time"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	p := &pool{jobs: make(chan int)}
	before := runtime.NumGoroutine()
	for _, now := range []time.Duration{0, 10 * time.Second, time.Hour, 2 * time.Hour} {
		p.job(now)
		if got, want := runtime.NumGoroutine()-before, wanted(now); got != want {
			t.Errorf("after %s there are %d workers, want %d", now, got, want)
		}
	}
	if p.workers != most {
		t.Errorf("%d workers, want %d", p.workers, most)
	}
	truth.None(t, unit, 1000, truth.Live, func() { p.job(time.Hour) })
}
