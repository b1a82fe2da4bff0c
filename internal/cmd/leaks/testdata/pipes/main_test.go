package main

import (
	"testing"

	"example.com/leaky/truth"
)

func TestTruth(t *testing.T) {
	truth.Count(t, 2, 100, func() int { return truth.FDs("pipe:") }, worker{true}.job, worker{false}.job)
}
