package main

import (
	"testing"

	"example.com/leaky/truth"
)

// At the same place in the next batches it holds the same.
func TestTruth(t *testing.T) {
	w := &writer{}
	truth.None(t, unit*batch, 20, truth.Live, func() {
		for range batch {
			w.row()
		}
	})
}
