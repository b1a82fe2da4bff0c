package main

import (
	"os"
	"testing"

	"example.com/leaky/truth"
)

// The runtime has some idle threads in hand, which the first sessions take: they are
// there before the twin is looked at.
func TestTruth(t *testing.T) {
	threads := func() int {
		entries, err := os.ReadDir("/proc/self/task")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	truth.Least(t, 100, threads, library{true}.session, library{false}.session)
}
