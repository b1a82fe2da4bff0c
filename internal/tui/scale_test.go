package tui

import "testing"

// Ticks of one axis differ, however small the values are.
func TestShareTick(t *testing.T) {
	for at, want := range map[float64]string{
		0: "0 %", 0.0002: "0.02 %", 0.00125: "0.13 %", 0.001: "0.1 %", 0.004: "0.4 %", 0.015: "1.5 %", 0.25: "25 %", 1: "100 %",
	} {
		if got := shareTick(at); got != want {
			t.Errorf("%v: got %q, want %q", at, got, want)
		}
	}
	for _, most := range []float64{0.0007, 0.0011, 0.03, 0.6} {
		s := scaleTo(most, 5, shareTick)
		seen := map[string]bool{}
		for at := 0.0; at <= s.high*1.0001; at += s.step {
			if seen[s.word(at)] {
				t.Errorf("up to %v: %s twice", most, s.word(at))
			}
			seen[s.word(at)] = true
		}
	}
}
