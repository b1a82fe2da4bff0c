package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	var both [2]*client
	for i := range both {
		var err error
		if both[i], err = newClient(i == 0); err != nil {
			t.Fatal(err)
		}
	}
	truth.Count(t, 2, 50, func() int { return truth.FDs("socket:") }, both[0].get, both[1].get)
	truth.Bytes(t, unit, 50, 500, truth.Live, both[0].get, both[1].get)
}
