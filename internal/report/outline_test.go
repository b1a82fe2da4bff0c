package report

import (
	"slices"
	"testing"
)

func TestOutline(t *testing.T) {
	const page = `example.com/m
scenario      peak  sustained  verdict  behind the peak
BenchmarkPut  1 MB      2 B    pass     m.Put m.go:9  100 %
BenchmarkGet* 9 MB!     3 B    fail     m.Get m.go:7  80 %

fail  2 scenarios: 1 fail, 1 pass
scenario  tree  cgroup  budget  verdict
server    1 MB  2 MB    -       unjudged
--- PASS: TestIt (0.01s)
`
	want := []string{
		"scenario peak sustained verdict behind the peak", "BenchmarkPut pass", "BenchmarkGet fail",
		"scenario tree budget verdict", "server unjudged", "PASS: TestIt",
	}
	if got := Outline(page); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if len(Outline("")) != 0 {
		t.Error("nothing has an outline")
	}
}
