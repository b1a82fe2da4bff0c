package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	leak, twin := &agent{leak: true}, &agent{}
	truth.Bytes(t, unit, 100, 40000, truth.Live, leak.report, twin.report)
}
