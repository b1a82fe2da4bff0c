package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	truth.Bytes(t, unit, 2*size, 20000, truth.Live, func() { record(true) }, func() { record(false) })
}
