package measure_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// What the soaked workloads keep and allocate with each operation.
const (
	soakKept  = 4096
	soakWaste = 100_000
)

var soakHeld [][]byte

func init() {
	workloads["soak leak"] = soakLeaks
	workloads["soak rounds"] = soakRound
	workloads["soak one"] = soakForgets
	workloads["soak fails"] = func(m *highwater.M) {
		for m.Loop() {
			time.Sleep(2 * time.Millisecond)
			if m.Op() == 300 {
				m.Fatalf("the screen is wrong")
			}
		}
	}
}

func soakLeaks(m *highwater.M) {
	for m.Loop() {
		soakHeld = append(soakHeld, make([]byte, soakKept)) // the leak
		_ = append([]byte(nil), make([]byte, soakWaste)...)
		time.Sleep(time.Millisecond)
	}
}

// soakRound has no loop, and is run over and over.
func soakRound(m *highwater.M) {
	soakHeld = append(soakHeld, make([]byte, soakKept)) // the leak
	m.Checkpoint("middle")
	time.Sleep(time.Millisecond)
}

// soakForgets has operations that take long, and leaves goroutines behind.
func soakForgets(m *highwater.M) {
	block := make(chan int)
	for m.Loop() {
		for range 3 {
			go func() { <-block }()
		}
		select {
		case <-m.Context().Done():
		case <-time.After(2 * time.Second):
		}
	}
}

// soaked runs a soak that ends when enough says so, or when its time is over.
func soaked(t *testing.T, tg target.Target, duration time.Duration, enough func(highwater.Soak) bool) highwater.Measurement {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls := 0
	m := measure.Soak(ctx, tg, measure.SoakOptions{
		Options: measure.Options{Timeout: time.Minute, Dir: t.TempDir()}, Duration: duration, Interval: 50 * time.Millisecond,
		Checkpoint: func(m highwater.Measurement) {
			calls++
			if enough != nil && enough(*m.Soak) {
				cancel()
			}
		},
	})
	if m.Soak == nil || calls != len(m.Soak.Points) {
		t.Fatalf("%d calls: %+v", calls, m)
	}
	return m
}

// points says that there are enough points, however slow the machine is.
func points(n int) func(highwater.Soak) bool {
	return func(s highwater.Soak) bool { return len(s.Points) >= n }
}

// checkLeak holds a soak's series to what the workload keeps with each operation.
func checkLeak(t *testing.T, m highwater.Measurement, site string) {
	t.Helper()
	if m.Outcome.Status != highwater.StatusOK {
		t.Fatalf("%+v", m.Outcome)
	}
	s := m.Soak
	first, last := s.Points[1], s.Points[len(s.Points)-1] // before the first, nothing was warm
	ops := last.Op - first.Op
	if ops < 20 {
		t.Fatalf("%d operations", ops)
	}
	near(t, "live bytes an operation", float64(last.Live()-first.Live())/float64(ops), soakKept, 0.2*soakKept+64e3/float64(ops))
	i := slices.IndexFunc(s.Sites, func(x highwater.SiteSeries) bool { return strings.HasSuffix(x.Site.Where.Func, site) })
	if i < 0 {
		t.Fatalf("no site %s in %d", site, len(s.Sites))
	}
	bytes := s.Sites[i].Bytes
	if len(bytes) != len(s.Points) {
		t.Fatalf("%d bytes for %d points", len(bytes), len(s.Points))
	}
	near(t, "bytes at the site", float64(bytes[len(bytes)-1]-bytes[1])/float64(ops), soakKept, 0.2*soakKept+64e3/float64(ops))
	var worked int64
	for _, p := range s.Points {
		if p.Work == nil {
			t.Fatal("nobody counted the work")
		}
		worked += p.Work.Ops
	}
	if worked != last.Op {
		t.Errorf("%d operations in all spans, %d counted", worked, last.Op)
	}
}

func TestSoakLeak(t *testing.T) {
	t.Parallel()
	m := soaked(t, of(t, "soak leak", nil), time.Minute, points(12))
	checkLeak(t, m, ".soakLeaks")
	w := m.Soak.Points[len(m.Soak.Points)-1].Work
	if w.P50 < time.Millisecond || w.P50 > w.P95 || w.P95 > w.P99 || w.P99 > w.Max {
		t.Errorf("percentiles of operations of a millisecond: %+v", w)
	}
	if m.Soak.Ended != "interrupted" {
		t.Errorf("ended: %q", m.Soak.Ended)
	}
}

func TestSoakRounds(t *testing.T) {
	t.Parallel()
	m := soaked(t, of(t, "soak rounds", nil), time.Minute, points(12))
	checkLeak(t, m, ".soakRound")
}

// The time may be over, too, and then nothing has ended before it.
func TestSoakEnds(t *testing.T) {
	t.Parallel()
	m := soaked(t, of(t, "soak leak", nil), 500*time.Millisecond, nil)
	if m.Outcome.Status != highwater.StatusOK || m.Soak.Ended != "" || len(m.Soak.Points) < 2 {
		t.Errorf("%+v, ended %q after %d points", m.Outcome, m.Soak.Ended, len(m.Soak.Points))
	}
}

// An operation that does not end is looked at in the middle, and so are the goroutines
// that it started.
func TestSoakLongOperation(t *testing.T) {
	t.Parallel()
	m := soaked(t, of(t, "soak one", nil), time.Minute, points(4))
	if m.Outcome.Status != highwater.StatusOK {
		t.Fatalf("%+v", m.Outcome)
	}
	i := slices.IndexFunc(m.Soak.Goroutines, func(g highwater.GoroutineSeries) bool {
		return strings.Contains(g.Created.Func, ".soakForgets")
	})
	if i < 0 || m.Soak.Goroutines[i].State != "chan receive" {
		t.Fatalf("%+v", m.Soak.Goroutines)
	}
	if c := m.Soak.Goroutines[i].Counts; c[len(c)-1] < 3 {
		t.Errorf("counts: %v", c)
	}
	if len(m.Leftovers) == 0 || m.Leftovers[0].Kind != "goroutine" || m.Leftovers[0].Count < 3 {
		t.Errorf("left over: %+v", m.Leftovers)
	}
}

// What was gathered before a failure is kept.
func TestSoakFails(t *testing.T) {
	t.Parallel()
	m := soaked(t, of(t, "soak fails", nil), time.Minute, nil)
	if m.Outcome.Status != highwater.StatusFailed || m.Outcome.Detail != "the screen is wrong" || m.Soak.Ended != m.Outcome.Detail || len(m.Soak.Points) < 3 {
		t.Errorf("%+v, ended %q after %d points", m.Outcome, m.Soak.Ended, len(m.Soak.Points))
	}
}

// A benchmark is called over and over.
func TestSoakBenchmark(t *testing.T) {
	targets := benchTargets(t)
	i := slices.IndexFunc(targets, func(tg target.Target) bool { return tg.Info.Name == "BenchmarkLeak" })
	m := soaked(t, targets[i], time.Minute, points(8))
	if m.Outcome.Status != highwater.StatusOK {
		t.Fatalf("%+v", m.Outcome)
	}
	last := m.Soak.Points[len(m.Soak.Points)-1]
	i = slices.IndexFunc(m.Soak.Sites, func(x highwater.SiteSeries) bool {
		return x.Site.Where.Func == "example.com/bench.BenchmarkLeak"
	})
	if i < 0 {
		for _, x := range m.Soak.Sites {
			t.Logf("%s:%d %d bytes in %d objects", x.Site.Where.Func, x.Site.Where.Line, x.Site.Bytes, x.Site.Objects)
		}
		t.Fatal("the benchmark's site is not among them")
	}
	b := m.Soak.Sites[i].Bytes
	near(t, "bytes an operation", float64(b[len(b)-1])/float64(last.Op), 8192, 0.1*8192)
}

// A program is looked at by the clock.
func TestSoakProgram(t *testing.T) {
	p := program(t, "./cmd/server", "")
	tg := target.Target{
		Info: highwater.ScenarioInfo{Suite: p.Package, Name: "server", Sessions: 1, Ops: 1}, Path: p.Path, Program: true,
		Args:  []string{"-address", filepath.Join(t.TempDir(), "address")},
		Drive: &target.Drive{Duration: time.Minute},
	}
	m := soaked(t, tg, time.Minute, points(5))
	if m.Outcome.Status != highwater.StatusOK {
		t.Fatalf("%+v", m.Outcome)
	}
	if p := m.Soak.Points[3]; p.Heap <= 0 || p.RSS <= 0 || p.Runtime <= 0 || p.Goroutines == 0 || len(p.FDs) == 0 || p.Work != nil {
		t.Errorf("%+v", p)
	}
	if m.Soak.Lacks[highwater.QuantityOps] == "" {
		t.Error("nobody says that operations are not counted")
	}
}
