package main

import (
	"testing"
	"time"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	leak, twin := &log{leak: true}, &log{}
	truth.Bytes(t, unit, 2*size, 20000, truth.Live, leak.line, twin.line)
}

// The batch is there for five seconds of thirty.
func TestBatch(t *testing.T) {
	var b batch
	held := 0
	for now := time.Duration(0); now < time.Minute; now += time.Second {
		b.at(now)
		if b.held != nil {
			held++
		}
	}
	if held != 10 {
		t.Errorf("held for %d seconds of a minute, want 10", held)
	}
}
