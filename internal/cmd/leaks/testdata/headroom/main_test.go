package main

import (
	"runtime/debug"
	"testing"
	"time"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	s := &server{}
	leak := func() { s.request(3 * time.Minute) }
	defer debug.SetGCPercent(100)
	truth.None(t, unit, 5000, truth.Live, leak)
	if got := debug.SetGCPercent(100); got != 400 {
		t.Errorf("GOGC is %d, want 400", got)
	}
	if before, after := busy(0), busy(time.Minute); after != 10*before {
		t.Errorf("%d requests, and later %d", before, after)
	}
}
