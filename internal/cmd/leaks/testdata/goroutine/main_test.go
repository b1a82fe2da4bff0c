package main

import (
	"runtime"
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	// Goroutines that are started faster than they can end leave their descriptors
	// for the next ones, which is no leak of the program.
	twin := func() {
		before := runtime.NumGoroutine()
		api{false}.ask()
		for runtime.NumGoroutine() > before {
			runtime.Gosched()
		}
	}
	truth.Count(t, 1, 200, runtime.NumGoroutine, api{true}.ask, twin)
	truth.Bytes(t, unit, 500, 10000, truth.Live, api{true}.ask, twin)
}
