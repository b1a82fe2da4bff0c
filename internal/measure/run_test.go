package measure_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// checkGood expects the whole truth of the workload "good".
func checkGood(t *testing.T, m highwater.Measurement) {
	t.Helper()
	if m.Outcome != (highwater.Outcome{Status: highwater.StatusOK}) {
		t.Fatalf("good: %+v", m.Outcome)
	}
	for metric, want := range map[string]float64{highwater.Peak: goodBytes, highwater.Sustained: goodBytes, highwater.Retained: 0} {
		got, ok := m.Values[metric]
		if !ok || math.Abs(got-want) > max(0.01*want, 16e3) {
			t.Errorf("good: %s is %.0f (%v), want %.0f", metric, got, ok, want)
		}
	}
	if len(m.Checkpoints) != 12 || len(m.Sites) == 0 || !strings.HasSuffix(m.Sites[0].Where.Func, ".holds") {
		t.Errorf("good: %d checkpoints, sites %+v", len(m.Checkpoints), m.Sites)
	}
}

// TestFailures runs scenarios that fail between two that do not, and expects each
// to be told as what it was.
func TestFailures(t *testing.T) {
	t.Parallel()
	failures := map[string]struct {
		status highwater.Status
		detail []string
		stderr string
	}{
		"exit":      {highwater.StatusExited, []string{"exited with status 0 before the measurement was complete", "after operation 2"}, ""},
		"log.Fatal": {highwater.StatusExited, []string{"exited with status 1 before the measurement was complete"}, "no more disk"},
		"panic":     {highwater.StatusPanicked, []string{"panic: the buffer is upside down", "(scenarios_test.go:", "after operation 2"}, "goroutine"},
		"nil":       {highwater.StatusPanicked, []string{"nil pointer dereference", "(scenarios_test.go:"}, "dereference"},
		"unlock":    {highwater.StatusPanicked, []string{"fatal error: sync: unlock of unlocked mutex (scenarios_test.go:"}, "goroutine"},
		"Fatalf":    {highwater.StatusFailed, []string{`the screen shows "a", want "b"`}, ""},
		"Goexit":    {highwater.StatusFailed, []string{"runtime.Goexit"}, ""},
		"hang":      {highwater.StatusTimeout, []string{"was still running after 3s and was ended", "after operation 2"}, "time.Sleep"},
	}
	if _, ok := workloads["kill"]; ok {
		failures["kill"] = struct {
			status highwater.Status
			detail []string
			stderr string
		}{highwater.StatusKilled, []string{"was killed by a signal: killed", "after operation 2"}, ""}
	}
	targets := []target.Target{of(t, "good", exactly)}
	for name := range failures {
		targets = append(targets, of(t, name, exactly))
	}
	last := of(t, "good", exactly)
	last.Env = []string{"GOGC=50"}
	all := measureAll(t, measure.Options{Timeout: 3 * time.Second}, append(targets, last)...)

	good := all["test/good"]
	if len(good) != 2 {
		t.Fatalf("good was measured %d times, want 2", len(good))
	}
	checkGood(t, good[0])
	checkGood(t, good[1])
	for name, want := range failures {
		ms := all["test/"+name]
		if len(ms) != 1 {
			t.Errorf("%s: %d measurements", name, len(ms))
			continue
		}
		o := ms[0].Outcome
		if o.Status != want.status {
			t.Errorf("%s: status %s (%s), want %s", name, o.Status, o.Detail, want.status)
		}
		for _, detail := range want.detail {
			if !strings.Contains(o.Detail, detail) {
				t.Errorf("%s: %q does not say %q", name, o.Detail, detail)
			}
		}
		if !strings.Contains(o.Stderr, want.stderr) {
			t.Errorf("%s: %q is not in the output:\n%s", name, want.stderr, o.Stderr)
		}
		if len(ms[0].Values) != 0 {
			t.Errorf("%s: it did not complete, and has values: %v", name, ms[0].Values)
		}
	}
}

// On several processors the rest of the process runs on while a panic ends it. It
// must not tell anything else.
func TestPanicOnSeveralProcessors(t *testing.T) {
	t.Parallel()
	for range 10 {
		m := only(t, measure.Options{}, of(t, "panic", naturally, "GOMAXPROCS=4"))
		if m.Outcome.Status != highwater.StatusPanicked {
			t.Fatalf("%s: %s", m.Outcome.Status, m.Outcome.Detail)
		}
	}
}

// A scenario that fails is not run again, in no pass.
func TestFailureIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"panic": 1, "good": 3 * 2} {
		tg := of(t, name, highwater.Passes())
		if got := len(measureAll(t, measure.Options{Repeats: 2}, tg)[tg.Info.ID()]); got != want {
			t.Errorf("%s: %d measurements, want %d", name, got, want)
		}
	}
}

func TestOmittedPassesAreNotRun(t *testing.T) {
	t.Parallel()
	for _, pass := range highwater.Passes() {
		tg := of(t, "good", []highwater.Pass{pass})
		for _, m := range measureAll(t, measure.Options{Repeats: 2}, tg)[tg.Info.ID()] {
			if m.Pass != pass {
				t.Errorf("pass %s was run, only %s was not omitted", m.Pass, pass)
			}
		}
	}
}

// The defaults are those that Options promises.
func TestDefaultRepeats(t *testing.T) {
	t.Parallel()
	got := map[highwater.Pass][]int{}
	var progress []measure.Progress
	o := measure.Options{Timeout: time.Minute, Progress: func(p measure.Progress) { progress = append(progress, p) }}
	err := measure.Run(t.Context(), []target.Target{of(t, "good", highwater.Passes())}, o, func(m highwater.Measurement) { got[m.Pass] = append(got[m.Pass], m.Repeat) })
	if err != nil {
		t.Fatal(err)
	}
	if len(got[highwater.PassNatural]) != 1 || len(got[highwater.PassCollector]) != 3 || len(got[highwater.PassExact]) != 2 {
		t.Errorf("got %v", got)
	}
	if len(progress) != 6 || progress[0].Total != 6 || progress[0].Done != 0 || progress[0].Pass != highwater.PassNatural {
		t.Errorf("progress was %+v", progress)
	}
}

// The exact pass samples the finer, the less a scenario allocates, and repeats
// keep the rate.
func TestProfileRates(t *testing.T) {
	t.Parallel()
	rates := func(ms []highwater.Measurement) (rates []int) {
		for _, m := range ms {
			if m.PeakParts != nil {
				rates = append(rates, m.PeakParts.Rate)
			}
		}
		return rates
	}
	both := []highwater.Pass{highwater.PassNatural, highwater.PassExact}
	// The little that "good" allocates besides its 3 MiB leaves it below the 26 MB
	// from which on the rate is 128.
	tg := of(t, "good", both)
	ms := measureAll(t, measure.Options{Repeats: 2}, tg)[tg.Info.ID()]
	if got := rates(ms); len(got) != 2 || got[0] != got[1] || got[0] < 8 || got[0] > 64 {
		t.Errorf("rates %d, want two that are the same and from 8 to 64", got)
	}

	var more []highwater.Measurement
	repeats := []measure.Repeat{
		{Target: tg, Pass: highwater.PassExact, Number: 2, ProfileRate: 4096},
		{Target: tg, Pass: highwater.PassNatural, Number: 7},
		{Target: tg, Pass: highwater.PassExact, Number: 3, ProfileRate: 4096},
	}
	if err := measure.More(t.Context(), repeats, measure.Options{Jobs: 1, Timeout: time.Minute}, func(m highwater.Measurement) { more = append(more, m) }); err != nil {
		t.Fatal(err)
	}
	if got := rates(more); !slices.Equal(got, []int{4096, 4096}) {
		t.Errorf("rates %d, want 4096 twice", got)
	}
	var numbers []int
	for _, m := range more {
		numbers = append(numbers, m.Repeat)
	}
	if !slices.Equal(numbers, []int{7, 2, 3}) {
		t.Errorf("repeats %d, want the natural one first", numbers)
	}
}

// What ran out of memory is measured once more in the exact pass, which names the
// lines that took it.
func TestMemoryCeiling(t *testing.T) {
	t.Parallel()
	const ceiling = 150e6
	tg := of(t, "hoard", highwater.Passes())
	ms := measureAll(t, measure.Options{MaxMemory: ceiling, Repeats: 2}, tg)[tg.Info.ID()]
	if len(ms) != 2 || ms[0].Pass != highwater.PassNatural || ms[1].Pass != highwater.PassExact {
		t.Fatalf("got %d measurements, want a natural and an exact one", len(ms))
	}
	for _, m := range ms {
		if m.Outcome.Status != highwater.StatusMemory || !strings.Contains(m.Outcome.Detail, "over its ceiling of 150 MB") {
			t.Errorf("%s: %+v", m.Pass, m.Outcome)
		}
	}
	sites := ms[1].Sites
	if len(sites) == 0 || !strings.HasSuffix(sites[0].Where.Func, ".devour") || sites[0].Share < 0.9 || sites[0].Bytes < ceiling/10 {
		t.Errorf("devour is not named first: %d sites, %+v", len(sites), first(sites))
	}
	if len(ms[1].Notes) == 0 {
		t.Error("no note says that the sites are of the moment before the end")
	}
}

func TestNoStart(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*target.Target){
		"no executable":       func(tg *target.Target) { tg.Path += "-that-is-not-there" },
		"not a scenario here": func(tg *target.Target) { tg.Info.Name = "unknown" },
	} {
		tg := of(t, "good", naturally)
		change(&tg)
		m := only(t, measure.Options{}, tg)
		if m.Outcome.Status == highwater.StatusOK || m.Outcome.Detail == "" || len(m.Values) != 0 {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

// The parts of a real process's footprint add up, and are all there.
func TestFootprintOfAProcess(t *testing.T) {
	t.Parallel()
	m := only(t, measure.Options{}, of(t, "good", naturally))
	if m.Outcome.Status != highwater.StatusOK {
		t.Fatal(m.Outcome)
	}
	f := m.Footprint
	if f == nil {
		if m.Unsupported[highwater.Footprint] == "" {
			t.Error("no footprint, and no reason")
		}
		return
	}
	if f.Sum() != f.RSS {
		t.Errorf("the parts %+v add up to %d", *f, f.Sum())
	}
	if f.LiveHeap < goodBytes || f.LiveHeap > goodBytes+(2<<20) {
		t.Errorf("live heap %d, want a little more than %d", f.LiveHeap, goodBytes)
	}
	for name, part := range map[string]int64{"RSS": f.RSS, "fragmentation": f.Fragmentation, "stacks": f.Stacks, "metadata": f.Metadata} {
		if part <= 0 || part > 1<<30 {
			t.Errorf("%s is %d", name, part)
		}
	}
	if hw := m.Values[highwater.Footprint]; hw < float64(f.RSS) {
		t.Errorf("high water %.0f is below what was resident, %d", hw, f.RSS)
	}
}

// first is the largest site without its stack.
func first(sites []highwater.Site) (s highwater.Site) {
	if len(sites) > 0 {
		s = sites[0]
		s.Stack = nil
	}
	return s
}
