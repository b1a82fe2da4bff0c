package measure

import (
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

// Whatever the runtime and the kernel say, the parts of the footprint add up to
// what is resident.
func TestFootprintAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(0, 1<<50)
		n := &probe.Natural{RSS: 1 + size.Draw(t, "rss"), // what is not known has no parts
			HighWater: size.Draw(t, "high"), LiveHeap: size.Draw(t, "live"), Ops: 1, Classes: map[string]int64{}}
		var accounted int64
		for _, class := range []string{
			"heap/free", "heap/objects", "heap/stacks", "heap/unused", "metadata/mcache/free", "metadata/mcache/inuse",
			"metadata/mspan/free", "metadata/mspan/inuse", "metadata/other", "os-stacks", "other", "profiling/buckets",
		} {
			v := size.Draw(t, class)
			n.Classes[class] = v
			accounted += v
		}
		n.Classes["heap/released"] = size.Draw(t, "released")
		n.Classes["total"] = accounted + n.Classes["heap/released"]

		m := highwater.Measurement{Values: map[string]float64{}, Unsupported: map[string]string{}}
		fillNatural(&m, n)
		f := m.Footprint
		if f.Sum() != f.RSS || f.RSS != n.RSS {
			t.Errorf("%+v add up to %d", *f, f.Sum())
		}
		// What the runtime accounts for is all in the parts but the last.
		if got := f.RSS - f.OffHeap; got != accounted {
			t.Errorf("the runtime accounts for %d, the parts for %d", accounted, got)
		}
		if f.LiveHeap < 0 || f.DeadHeap < 0 {
			t.Errorf("%+v", *f)
		}
		if e := m.Values[highwater.Efficiency]; e < 0 || e > 1 {
			t.Errorf("efficiency %v", e)
		}
	})
}

func TestNaturalValues(t *testing.T) {
	m := highwater.Measurement{Values: map[string]float64{}, Unsupported: map[string]string{}}
	fillNatural(&m, &probe.Natural{
		Ops: 50, AllocBytes: 5000, Mallocs: 150, LiveHeap: 30, RSS: 90, HighWater: 99, Threads: 3, Cycles: 4, Forced: 1, GCSeconds: 0.25, Busy: 1,
		Classes: map[string]int64{"total": 150, "heap/released": 50, "heap/objects": 40},
	})
	for metric, want := range map[string]float64{
		highwater.AllocBytes: 100, highwater.Allocs: 3, highwater.Efficiency: 0.3, highwater.Footprint: 99, highwater.Threads: 3,
	} {
		if got, ok := m.Values[metric]; !ok || got != want {
			t.Errorf("%s is %v (%v), want %v", metric, got, ok, want)
		}
	}
	if *m.GC != (highwater.GCWork{Cycles: 4, Forced: 1, CPUSeconds: 0.25, Busy: 1, CPUShare: 0.25}) {
		t.Errorf("%+v", *m.GC)
	}
}

// A platform that cannot tell is no failure, and never a 0.
func TestUnsupported(t *testing.T) {
	m := highwater.Measurement{Values: map[string]float64{}, Unsupported: map[string]string{}}
	fillNatural(&m, &probe.Natural{Ops: 1, NoRSS: "not available on plan9", NoThreads: "not available on plan9"})
	fillLeftovers(&m, &probe.TornDown{Missing: []string{"fds: not here", "children: nor these"}}, target.Exit{})
	for metric, why := range map[string]string{
		highwater.Footprint: "not available on plan9", highwater.Threads: "not available on plan9", highwater.FDs: "not here", highwater.Children: "nor these",
	} {
		if v, ok := m.Values[metric]; ok || m.Unsupported[metric] != why {
			t.Errorf("%s: %v (%v), %q", metric, v, ok, m.Unsupported[metric])
		}
	}
	if m.Footprint != nil {
		t.Errorf("%+v", m.Footprint)
	}
}

// Stacks count as retained only where a goroutine is left that may have one.
func TestRetainedStacks(t *testing.T) {
	before := probe.Reading{Heap: 1000, Stacks: 100}
	after := probe.TornDown{Reading: probe.Reading{Heap: 1500, Stacks: 40_000}}
	if got := retained(&after, before); got != 500 {
		t.Errorf("no goroutine is left, and %v is retained", got)
	}
	after.Goroutines = []probe.Goroutines{{Count: 1}}
	if got := retained(&after, before); got != 500+39_900 {
		t.Errorf("a goroutine is left, and %v is retained", got)
	}
}

// The figures of two sessions, by hand.
func TestExactValues(t *testing.T) {
	checkpoint := func(op int, heap int64, steady bool) probe.Checkpoint {
		return probe.Checkpoint{Reading: probe.Reading{Heap: heap, Stacks: 100, InUse: 2 * heap}, Op: op, Steady: steady}
	}
	h := heard{
		baseline: &probe.Reading{Heap: 1000, Stacks: 100},
		checkpoints: []probe.Checkpoint{
			checkpoint(1, 99_000, false), checkpoint(2, 5000, true), checkpoint(4, 5200, true), checkpoint(6, 5400, true),
		},
		peak: &probe.Peak{
			Heap: 101_000, Stacks: 300, Cycles: 100, Seen: 89, Each: 2, Looks: []probe.Look{{At: 5, Heap: 2000, Stacks: 150, Op: 1}, {At: 7, Heap: 101_000, Stacks: 300, Op: 2}},
		},
		tornDown: &probe.TornDown{Reading: probe.Reading{Heap: 1500, Stacks: 200}},
	}
	m := highwater.Measurement{Outcome: highwater.Outcome{Status: highwater.StatusOK}}
	j := job{pass: highwater.PassExact, target: target.Target{Info: highwater.ScenarioInfo{Sessions: 2}}}
	fill(&m, j, h, target.Exit{}, Options{})
	for metric, want := range map[string]float64{
		highwater.Peak: (101_000 + 300 - 1100) / 2, highwater.Sustained: (5200 - 1000) / 2, highwater.Retained: (1500 - 1000) / 2,
		highwater.Growth: 100, highwater.Fragmentation: 0.5, highwater.Goroutines: 0, highwater.FDs: 0, highwater.Children: 0,
	} {
		if got, ok := m.Values[metric]; !ok || math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v (%v), want %v", metric, got, ok, want)
		}
	}
	if c := m.Checkpoints[3]; len(m.Checkpoints) != 4 || c.Heap != 4400 || c.Stacks != 0 || c.Unused != 5400 || c.Op != 6 || !c.Steady {
		t.Errorf("%+v", m.Checkpoints)
	}
	want := highwater.Collections{Total: 100, Seen: 89, Thinned: 2, Points: []highwater.Collected{{At: 5, Op: 1, Heap: 1000, Stacks: 50}, {At: 7, Op: 2, Heap: 100_000, Stacks: 200}}}
	if !reflect.DeepEqual(m.Collections, &want) {
		t.Errorf("collections %+v, want %+v", m.Collections, want)
	}
	if len(m.Notes) != 1 || !strings.Contains(m.Notes[0], "89 of 100 collections") {
		t.Errorf("notes %q", m.Notes)
	}

	// Without the end of the story there are no figures, however many readings.
	h.tornDown = nil
	m = highwater.Measurement{Outcome: highwater.Outcome{Status: highwater.StatusOK}}
	fill(&m, j, h, target.Exit{}, Options{})
	if len(m.Values) != 0 || len(m.Checkpoints) != 4 {
		t.Errorf("%v, %d checkpoints", m.Values, len(m.Checkpoints))
	}
}

// Sessions of 300 bytes beside 70 for all, and one reading without a number.
func TestSessionFit(t *testing.T) {
	reading := func(n *int, heap int64) probe.Checkpoint {
		return probe.Checkpoint{Reading: probe.Reading{Heap: 1000 + heap}, Sessions: n}
	}
	h := heard{
		baseline:    &probe.Reading{Heap: 1000},
		checkpoints: []probe.Checkpoint{reading(new(1), 370), reading(nil, 5e9), reading(new(10), 3070), reading(new(100), 30_070)},
		peak:        &probe.Peak{}, tornDown: &probe.TornDown{},
	}
	j := job{pass: highwater.PassExact}
	exact := func() (m highwater.Measurement) {
		m.Outcome.Status = highwater.StatusOK
		fill(&m, j, h, target.Exit{}, Options{})
		return m
	}
	m := exact()
	if f := m.SessionFit; f == nil || math.Abs(f.Cost-300) > 1e-6 || math.Abs(f.Fixed-70) > 1e-6 || len(f.Points) != 3 || f.R2 < 0.999999 || len(m.Notes) != 0 {
		t.Fatalf("fit %+v, notes %q", f, m.Notes)
	}
	if m.Values[highwater.SessionCost] != m.SessionFit.Cost || m.Values[highwater.FixedCost] != m.SessionFit.Fixed {
		t.Errorf("values %v", m.Values)
	}

	// What concurrent_sessions was seen to hold: R² is 1.0000, and no line is true.
	for i, live := range []int64{50_536, 5e9, 216_168, 2_293_992} {
		h.checkpoints[i].Heap = 1000 + live
	}
	h.checkpoints = append(h.checkpoints, reading(new(1000), 23_416_656))
	m = exact()
	if len(m.Notes) != 1 || !strings.Contains(m.Notes[0], "does not cost the same") {
		t.Errorf("notes %q of what is no line", m.Notes)
	}
	if f := m.SessionFit; f.Straight() || f.WorstAt != 1 || f.Worst < 0.15 || f.Worst > 0.2 || f.Fixed < 10_000 || f.Fixed > 32_000 || f.R2 < 0.999 {
		t.Errorf("fit %+v, want off by 18 %% at 1 session", f)
	}
	h.checkpoints = h.checkpoints[:2] // one number of sessions alone
	m = exact()
	if _, ok := m.Values[highwater.SessionCost]; ok || m.SessionFit != nil {
		t.Errorf("a line through one point: %+v", m.SessionFit)
	}
}

// A child is one child, whoever saw it, and under whatever name.
func TestChildrenAreCountedOnce(t *testing.T) {
	m := highwater.Measurement{Values: map[string]float64{}, Unsupported: map[string]string{}}
	fillLeftovers(&m, &probe.TornDown{Children: []string{"7 sh -c run", "9 sleep 5", "30 vim"}}, target.Exit{
		Orphans: []target.Child{{PID: 7, Command: "run"}, {PID: 30, Command: "vim"}, {PID: 12, Command: "daemon"}},
	})
	var got []string
	for _, l := range m.Leftovers {
		got = append(got, l.Kind+" "+l.Detail)
	}
	if strings.Join(got, ", ") != "child 12 daemon, child 30 vim, child 7 run, child 9 sleep 5" || m.Values[highwater.Children] != 4 {
		t.Errorf("%v: %q", m.Values, got)
	}
}

func TestReconcile(t *testing.T) {
	for _, c := range []struct {
		heap, profiled int64
		rate           int
		note           bool
	}{
		{10e6, 10e6, 1, false},
		{10e6, 9.1e6, 1, false},
		{10e6, 8.9e6, 1, true},
		{10e6, 11.2e6, 1, true},
		{10e6, 0, 1, true},
		{100_000, 85_000, 1, false},   // 15 KB are not worth a note
		{10e6, 5e6, 512 << 10, false}, // twenty samples
		{1e9, 0.8e9, 512 << 10, true}, // two thousand
		{0, 0, 1, false},
		{-5e6, 0, 1, true}, // less than at the baseline
	} {
		m := highwater.Measurement{PeakParts: &highwater.PeakParts{Heap: c.heap, Profiled: c.profiled, Rate: c.rate}}
		reconcile(&m)
		if got := len(m.Notes) > 0; got != c.note {
			t.Errorf("%+v: notes %q", c, m.Notes)
		}
	}
}

// The profile beside the Run file has all sites, and the measurement names it.
func TestProfileIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run-1")
	h := heard{
		baseline: &probe.Reading{},
		peak: &probe.Peak{Heap: 3000, Checkpoint: true, Name: "full", Op: 4, Profile: &probe.Profile{
			Rate: 1, Frames: []probe.Frame{{Func: "example.com/a.f", File: "/a.go", Line: 3}}, Records: []probe.Record{{Objects: 3, Bytes: 3000, Stack: []int{0}}},
		}},
	}
	m := highwater.Measurement{Scenario: "suite/name"}
	fillSites(&m, h, Options{Dir: dir})
	if len(m.Notes) != 1 || m.Profile != "" {
		t.Errorf("without a folder: %q, notes %q; want to be told", m.Profile, m.Notes)
	}
	dir = t.TempDir()
	m = highwater.Measurement{Scenario: "suite/name"}
	fillSites(&m, h, Options{Dir: dir})
	if filepath.Dir(m.Profile) != filepath.Base(dir) {
		t.Errorf("profile %q, want it relative to the parent of %s", m.Profile, dir)
	}
	p, err := heap.Read(filepath.Join(filepath.Dir(dir), filepath.FromSlash(m.Profile)))
	if err != nil || len(p.Sample) != 1 {
		t.Errorf("%v, %v", p, err)
	}
	parts := highwater.PeakParts{Heap: 3000, Op: 4, Where: "checkpoint full", Profiled: 3000, Rate: 1}
	if *m.PeakParts != parts {
		t.Errorf("%+v, want %+v", *m.PeakParts, parts)
	}
}
