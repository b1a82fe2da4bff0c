package main

import "testing"

func TestWorst(t *testing.T) {
	tests := []struct {
		name  string
		ours  figures
		plain []figures
		want  agreement
	}{
		{"the same every time", figures{48, 1}, []figures{{48, 1}, {48, 1}}, equal},
		{"half a percent", figures{1004, 1}, []figures{{1000, 1}, {1000, 1}}, close},
		{"more than half a percent", figures{1006, 1}, []figures{{1000, 1}, {1000, 1}}, disagree},
		{"one allocation more", figures{48, 2}, []figures{{48, 1}, {48, 1}}, disagree},
		{"nothing, and then something", figures{16, 1}, []figures{{0, 0}, {0, 0}}, disagree},
		{"go test differs by two percent", figures{1030, 1}, []figures{{1000, 1}, {1020, 1}}, spread},
		{"farther off than go test", figures{1060, 1}, []figures{{1000, 1}, {1020, 1}}, disagree},
	}
	for _, test := range tests {
		if got, _ := (benchmark{ours: test.ours, plain: test.plain}).worst(); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
