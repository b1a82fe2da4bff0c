package driver

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/flock"
	"github.com/highwater-dev/highwater/internal/target"
)

// What a search keeps is what it reads again, and what is no state of one says so.
func TestBisectState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "search.json")
	if s, err := readBisect(path); s != nil || err != nil {
		t.Errorf("without a file: %v, %v", s, err)
	}
	s := newBisectState("good", "bad")
	s.Subject, s.Metric, s.Allowed = &highwater.ScenarioInfo{Suite: "m", Name: "BenchmarkInsert", Sessions: 1, Ops: 10}, highwater.Peak, 10
	s.Measured = []bisect.Measured{{Commit: "bad", Values: []float64{1.5}, Good: []float64{1}}}
	s.Skipped = []bisect.Skipped{{Commit: "c", Reason: "building failed"}}
	if err := s.write(path); err != nil {
		t.Fatal(err)
	}
	if got, err := readBisect(path); err != nil || !reflect.DeepEqual(got, s) {
		t.Errorf("%v: got %+v, want %+v", err, got, s)
	}
	for _, text := range []string{"", "{}", `{"schema": 2}`, `{"schema": 1, "metric": "peak"}`, "[", `{"schema": "1"}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readBisect(path); err == nil || !strings.Contains(err.Error(), "--fresh") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// One process is at a search at a time, and those that nobody goes on with are forgotten.
func TestBisectsAreHeld(t *testing.T) {
	t.Setenv("HIGHWATER_STATE_DIR", t.TempDir())
	path, err := bisectFile("a")
	if err != nil {
		t.Fatal(err)
	}
	other, _ := bisectFile("b")
	held, err := holdBisect(path)
	if err != nil {
		t.Fatal(err)
	}
	if flock.Works {
		if _, err := holdBisect(path); err == nil || !strings.Contains(err.Error(), "another process") {
			t.Errorf("taken twice: %v", err)
		}
	}
	long := time.Now().Add(-keepBisects - time.Hour)
	for _, f := range []string{path, other} {
		if err := newBisectState("good", "bad").write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(other, long, long); err != nil {
		t.Fatal(err)
	}
	if _, err := bisectFile("c"); err != nil {
		t.Fatal(err)
	}
	if s, err := readBisect(path); s == nil || err != nil {
		t.Errorf("a search of today: %v, %v", s, err)
	}
	if s, err := readBisect(other); s != nil || err != nil {
		t.Errorf("an old search: %v, %v", s, err)
	}
	held.Close()
	if again, err := holdBisect(path); err != nil {
		t.Error(err)
	} else {
		again.Close()
	}
}

// Benchmarks or tests that are named are searched for without what stands beside them.
func TestBisectWants(t *testing.T) {
	bench, test, memtest := target.Target{Bench: true}, target.Target{Test: true}, target.Target{}
	one := "One"
	for _, c := range []struct {
		said config.Settings
		want [3]bool // of the benchmark, the test, the memtest scenario
	}{
		{config.Settings{}, [3]bool{true, true, true}},
		{config.Settings{Bench: &one}, [3]bool{true, false, false}},
		{config.Settings{Tests: &one}, [3]bool{false, true, false}},
		{config.Settings{Bench: &one, Examples: &one}, [3]bool{true, true, false}},
		{config.Settings{Bench: &one, Scenarios: []string{"m/*"}}, [3]bool{true, true, true}},
	} {
		o := &bisectOptions{options: options{said: c.said}}
		if got := [3]bool{o.wants(bench), o.wants(test), o.wants(memtest)}; got != c.want {
			t.Errorf("%+v: got %v, want %v", c.said, got, c.want)
		}
	}
}

// Once a scenario is chosen its benchmark is selected, and no other.
func TestBisectNarrowed(t *testing.T) {
	for name, other := range map[string]string{
		"BenchmarkInsert":         "BenchmarkInsertMany",
		"BenchmarkInsert/80":      "BenchmarkInsert/800",
		"BenchmarkInsert/a+b(c)":  "BenchmarkInsert/aab",
		"BenchmarkInsert/x|y/z":   "BenchmarkInsert/x",
		"BenchmarkInsert/at_home": "BenchmarkInsert/at.home",
	} {
		b := &bisection{state: &bisectState{Subject: &highwater.ScenarioInfo{Suite: "m", Name: name, Ops: 30}}}
		h := b.narrowed()
		if !target.MatchBench(*h.Bench, name) {
			t.Errorf("%s does not match its own pattern %s", name, *h.Bench)
		}
		if other != "BenchmarkInsert/x" && target.MatchBench(*h.Bench, other) {
			t.Errorf("%s matches %s", other, *h.Bench)
		}
		if h.ops("m/"+name) != 30 || h.ops("m/other") != 0 {
			t.Error("its operations are not those of the ends")
		}
	}
}

// What is sure to differ most comes first: a large change of a noisy metric is less.
func TestBisectDifference(t *testing.T) {
	alloc, _ := highwater.MetricByName(highwater.AllocBytes)
	footprint, _ := highwater.MetricByName(highwater.Footprint)
	efficiency, _ := highwater.MetricByName(highwater.Efficiency)
	steady := difference(alloc, "s", []float64{1e6, 1e6}, []float64{1.05e6, 1.05e6}, 2e4)
	noisy := difference(footprint, "s", []float64{1e8, 1.02e8}, []float64{1.08e8, 1.1e8}, 2e6)
	if steady.Over < 2 || noisy.Over > steady.Over {
		t.Errorf("steady %+v, noisy %+v", steady, noisy)
	}
	if steady.Change < 0.0499 || steady.Change > 0.0501 || steady.Low > steady.Change || steady.High < steady.Change {
		t.Errorf("got %+v", steady)
	}
	if less := difference(efficiency, "s", []float64{0.9, 0.9}, []float64{0.4, 0.4}, 0.02); less.Over <= 0 {
		t.Errorf("less of what is better is not worse: %+v", less)
	}
}
