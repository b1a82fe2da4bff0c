package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	leak, twin := &encoder{leak: true}, &encoder{}
	truth.Bytes(t, unit, 100, 3000, truth.Live, leak.messages, twin.messages)
}
