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

// What a busy machine cannot tell is asked again, three times in all; what the page has is
// taken as it is.
func TestConclusive(t *testing.T) {
	for _, c := range []struct {
		page    string
		outputs []string
		want    string
		runs    int
	}{
		{"a pass", []string{"a pass", "b"}, "a pass", 1},
		{"a pass", []string{"a inconclusive", "a fail", "b"}, "a fail", 2},
		{"a pass", []string{"a inconclusive", "b inconclusive", "c inconclusive", "d pass"}, "c inconclusive", 3},
		{"a inconclusive", []string{"a inconclusive", "b"}, "a inconclusive", 1},
	} {
		runs := 0
		got, status := Conclusive(c.page, func() (string, int) { runs++; return c.outputs[runs-1], runs })
		if got != c.want || runs != c.runs || status != runs {
			t.Errorf("%q: %q with status %d after %d runs, want %q after %d", c.outputs, got, status, runs, c.want, c.runs)
		}
	}
}
