package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	truth.Bytes(t, unit, 2000, 20000, truth.Live, server{true}.upload, server{false}.upload)
}
