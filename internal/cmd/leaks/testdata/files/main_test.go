package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	leak, err := newSettings(true)
	if err != nil {
		t.Fatal(err)
	}
	twin := *leak
	twin.leak = false
	truth.Count(t, 1, 100, func() int { return truth.FDs(leak.path) }, leak.look, twin.look)
}
