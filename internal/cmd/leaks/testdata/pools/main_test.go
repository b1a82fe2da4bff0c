package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) { truth.None(t, unit, 20000, truth.Live, handle) }
