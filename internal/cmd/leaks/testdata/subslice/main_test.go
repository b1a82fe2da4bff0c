package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	truth.Bytes(t, unit, 100, 5000, truth.Live, newReader(true).read, newReader(false).read)
}
