package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	truth.Bytes(t, unit, 1000, 20000, truth.RSS, library{true}.decode, library{false}.decode)
}
