package main

import (
	"testing"
	"time"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	l := &loader{}
	for _, c := range []struct {
		now       time.Duration
		low, high int
	}{{slow, 12e6, 13.5e6}, {10 * slow, 19.9e6, 20.01e6}, {time.Hour, 19.9e6, 20.01e6}} {
		l.load(c.now)
		if got := len(l.loaded) * unit; got < c.low || got > c.high {
			t.Errorf("after %s there are %d bytes, want %d to %d", c.now, got, c.low, c.high)
		}
	}
	truth.None(t, unit, 100_000, truth.Live, func() { l.load(2 * time.Hour) })
}
