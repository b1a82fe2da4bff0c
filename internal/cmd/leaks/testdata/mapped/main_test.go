package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	truth.Bytes(t, unit, 500, 5000, truth.RSS, scratch{true}.sort, scratch{false}.sort)
}
