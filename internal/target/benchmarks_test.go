package target

import (
	"strings"
	"testing"
)

func TestMatchBench(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "BenchmarkA", true},
		{".", "BenchmarkA/b", true},
		{"A", "BenchmarkA/b", true},
		{"^BenchmarkA$", "BenchmarkAB", false},
		{"A/^b$", "BenchmarkA/b", true},
		{"A/^b$", "BenchmarkA/bc", false},
		{"A/b/c", "BenchmarkA/b", true}, // what is below it might
		{"X|A/b", "BenchmarkA/b", true},
		{"X|A/c", "BenchmarkA/b", false},
		{"(X|A)/b", "BenchmarkA/b", true},
		{"[A/]", "BenchmarkA", true},
		{`A\/b`, "BenchmarkA", false}, // an escaped slash is none
		{"^$", "BenchmarkA", false},
	} {
		if got := MatchBench(c.pattern, c.name); got != c.want {
			t.Errorf("MatchBench(%q, %q) = %t", c.pattern, c.name, got)
		}
	}
	for _, bad := range []string{"(", "A/(", "[a", "A|*"} {
		if CheckBench(bad) == nil {
			t.Errorf("CheckBench(%q) is nil", bad)
		}
	}
}

// What testing prints, with the benchmark's own output in between.
func TestBenchOutput(t *testing.T) {
	o := &BenchOutput{}
	text := "goos: linux\n" +
		framing + "=== RUN   BenchmarkW/BenchmarkA\nBenchmarkW/BenchmarkA\n" +
		framing + "=== RUN   BenchmarkW/BenchmarkA/x\n" +
		"words BenchmarkW/BenchmarkA/x-2  \tand 12\n" +
		"     100\t       486.5 ns/op\t  12.50 MB/s\t         3.000 things/op\t      64 B/op\t       2 allocs/op\n" +
		framing + "=== RUN   BenchmarkW/BenchmarkB\n    x_test.go:3: no way\n" + framing + "--- FAIL: BenchmarkW/BenchmarkB-2\n" +
		framing + "=== RUN   BenchmarkW/BenchmarkC\nBenchmarkW/BenchmarkC\n       1\t       0 B/op\t       0 allocs/op\n" +
		framing + "=== RUN   BenchmarkW/BenchmarkD\n" + framing + "--- SKIP: BenchmarkW/BenchmarkD\n"
	for i := 0; i < len(text); i += 7 { // pieces do not end where lines do
		if _, err := o.Write([]byte(text[i:min(i+7, len(text))])); err != nil {
			t.Fatal(err)
		}
	}
	want := []BenchResult{
		{Name: "BenchmarkW/BenchmarkA/x", Seconds: 486.5e-9, Bytes: 64, Allocs: 2},
		{Name: "BenchmarkW/BenchmarkC"},
	}
	got := o.Results()
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("results %+v, want %+v", got, want)
	}
	if !strings.Contains(o.failed["BenchmarkW/BenchmarkB"], "no way") || len(o.failed) != 1 {
		t.Errorf("failed: %q", o.failed)
	}
	if len(o.skipped) != 1 || o.skipped[0] != "BenchmarkW/BenchmarkD" {
		t.Errorf("skipped: %q", o.skipped)
	}
	if len(o.begun) != 4 || o.ended {
		t.Errorf("begun %q, ended %t", o.begun, o.ended)
	}
}

func TestCalibrate(t *testing.T) {
	for seconds, want := range map[float64]int{0: mostOps, 1e-9: mostOps, 1e-5: 10_000, 2e-5: 1000, 0.009: 10, 0.02: 1, 3: 1} {
		if got := calibrate(seconds); got != want {
			t.Errorf("%g s: %d operations, want %d", seconds, got, want)
		}
	}
	// One that allocates makes no more operations than memory for them is sure to
	// be there, but its own number.
	for _, c := range []struct {
		ops  int
		r    BenchResult
		want int
	}{
		{100, BenchResult{Seconds: 0.003}, 100},
		{100, BenchResult{Seconds: 0.0003, Bytes: 100}, 1000},
		{10, BenchResult{Seconds: 0.0003, Bytes: 1 << 20}, 512},
		{1000, BenchResult{Seconds: 0.0003, Bytes: 1 << 20}, 1000},
	} {
		if got := collectorOps(c.ops, c.r, 0); got != c.want {
			t.Errorf("collectorOps(%d, %+v) = %d, want %d", c.ops, c.r, got, c.want)
		}
	}
}
