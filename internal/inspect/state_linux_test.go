package inspect

import (
	"encoding/json"
	"maps"
	"math"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// settled reads the state between two looks of the program at itself that are the same.
func settled(t *target, p *Process) (State, map[string]json.Number) {
	t.Helper()
	var s State
	var before map[string]json.Number
	within(t, "a moment of quiet", func() bool {
		before = t.figures()
		var err error
		if s, err = p.Read(); err != nil {
			t.Fatal(err)
		}
		return maps.Equal(before, t.figures())
	})
	return s, before
}

func TestState(t *testing.T) {
	for name, flags := range map[string][]string{"exec": nil, "pie": {"-buildmode=pie"}} {
		t.Run(name, func(t *testing.T) {
			if name == "pie" && testing.Short() {
				t.Skip("it compiles the standard library anew")
			}
			prog := start(t, build(t, flags...))
			p := prog.open()
			for _, step := range []string{"", "hold 2000", "gc", "gogc 50", "limit 400000000", "gogc -1", "gc", "limit 20000000", "gc", "hold 500"} {
				if step != "" {
					prog.do(step)
				}
				s, m := settled(prog, p)
				compare(t, step, s, m)
			}
		})
	}
}

// compare compares every figure with the metric that it is defined by.
func compare(t *testing.T, step string, s State, m map[string]json.Number) {
	t.Helper()
	sum := func(names ...string) int64 {
		n := int64(0)
		for _, name := range names {
			v, err := strconv.ParseUint(string(m[name]), 10, 64)
			if err != nil {
				t.Errorf("after %q: no metric %s: %v", step, name, err)
			}
			n += int64(v)
		}
		return n
	}
	goal := sum("/gc/heap/goal:bytes")
	if goal < 0 { // the largest number
		goal = 0
	}
	limit := sum("/gc/gomemlimit:bytes")
	if limit == math.MaxInt64 {
		limit = 0
	}
	want := highwater.Memory{
		Live: sum("/gc/heap/live:bytes"), Heap: sum("/memory/classes/heap/objects:bytes"),
		InUse: sum("/memory/classes/heap/objects:bytes", "/memory/classes/heap/unused:bytes"),
		Goal:  goal, Limit: limit,
		Stacks: sum("/memory/classes/heap/stacks:bytes", "/memory/classes/os-stacks:bytes"),
		Metadata: sum("/memory/classes/metadata/mcache/free:bytes", "/memory/classes/metadata/mcache/inuse:bytes",
			"/memory/classes/metadata/mspan/free:bytes", "/memory/classes/metadata/mspan/inuse:bytes",
			"/memory/classes/metadata/other:bytes", "/memory/classes/profiling/buckets:bytes", "/memory/classes/other:bytes"),
		Free: sum("/memory/classes/heap/free:bytes"), Released: sum("/memory/classes/heap/released:bytes"),
		Total: sum("/memory/classes/total:bytes"),
	}
	if s.Memory != want {
		t.Errorf("after %q:\n got %+v\nwant %+v", step, s.Memory, want)
	}
	if want := (highwater.Allocated{Bytes: sum("/gc/heap/allocs:bytes"), Objects: sum("/gc/heap/allocs:objects")}); s.Allocated != want {
		t.Errorf("after %q: allocated %+v, want %+v", step, s.Allocated, want)
	}
	seconds := func(name string) float64 { f, _ := m["/cpu/classes/"+name+":cpu-seconds"].Float64(); return f }
	c := s.GC
	c.Pauses = nil
	if want := (highwater.Collector{
		Cycles: sum("/gc/cycles/total:gc-cycles"), Forced: sum("/gc/cycles/forced:gc-cycles"), GOGC: int(int32(sum("/gc/gogc:percent"))),
		GCSeconds: seconds("gc/total"), AssistSeconds: seconds("gc/mark/assist"), ScavengeSeconds: seconds("scavenge/total"),
		UserSeconds: seconds("user"), IdleSeconds: seconds("idle"), TotalSeconds: seconds("total"),
		Limited: sum("/gc/limiter/last-enabled:gc-cycle"),
	}); !near(c, want) {
		t.Errorf("after %q:\n got %+v\nwant %+v", step, c, want)
	}
	if len(s.GC.Pauses) != int(min(s.GC.Cycles, 256)) || slices.Contains(s.GC.Pauses, 0) {
		t.Errorf("after %q: %d cycles, pauses %v", step, s.GC.Cycles, s.GC.Pauses)
	}
}

// near allows for the last digit of CPU times, which are divided in another order.
func near(a, b highwater.Collector) bool {
	for _, v := range [][2]*float64{
		{&a.GCSeconds, &b.GCSeconds},
		{&a.AssistSeconds, &b.AssistSeconds},
		{&a.ScavengeSeconds, &b.ScavengeSeconds},
		{&a.UserSeconds, &b.UserSeconds},
		{&a.IdleSeconds, &b.IdleSeconds},
		{&a.TotalSeconds, &b.TotalSeconds},
	} {
		if math.Abs(*v[0]-*v[1]) > 1e-9 {
			return false
		}
		*v[0] = *v[1]
	}
	return a.Cycles == b.Cycles && a.Forced == b.Forced && a.GOGC == b.GOGC && a.Limited == b.Limited &&
		slices.Equal(a.Pauses, b.Pauses)
}

func TestCycle(t *testing.T) {
	prog := start(t, build(t))
	p := prog.open()
	prog.do("hold 1000")
	begun := time.Now()
	prog.do("gc")
	var m runtime.MemStats
	prog.ask("memstats", &m)
	s, err := p.Read()
	if err != nil {
		t.Fatal(err)
	}
	c := s.Last
	if c.Number != int64(m.NumGC) || c.Why != highwater.WhyForced || !c.End.Equal(time.Unix(0, int64(m.LastGC))) ||
		c.Pause != time.Duration(m.PauseNs[(m.NumGC-1)%256]) {
		t.Errorf("%+v; want number %d, end %d, pause %d", c, m.NumGC, m.LastGC, m.PauseNs[(m.NumGC-1)%256])
	}
	if c.Took <= c.Pause || c.Took > time.Since(begun) || c.After != s.Memory.Live || c.Before < c.After || c.Peak < c.Before || c.Goal <= 0 {
		t.Errorf("%+v, live %d", c, s.Memory.Live)
	}
	want := m.PauseNs[:m.NumGC]
	for i, pause := range s.GC.Pauses {
		if uint64(pause) != want[i] {
			t.Errorf("pause %d is %v, want %v", i, pause, want[i])
		}
	}
	// One that the heap has triggered.
	prog.do("hold 2000")
	prog.do("gogc 10")
	prog.do("hold 3000")
	prog.do("gogc -1")
	if s, err = p.Read(); err != nil || s.Last.Why != highwater.WhyHeap || s.Last.Number <= c.Number {
		t.Errorf("%+v, %v", s.Last, err)
	}
	// Nothing triggers one now, and there is no goal.
	prog.do("gc")
	prog.do("gc")
	if s, err = p.Read(); err != nil || s.Last.Goal != 0 || s.Memory.Goal != 0 {
		t.Errorf("without GOGC: goals %d and %d, %v", s.Last.Goal, s.Memory.Goal, err)
	}
}

func TestTimed(t *testing.T) {
	end := time.Unix(1000, 0)
	c := highwater.Cycle{Number: 5, End: end, Took: time.Second, Before: 2 << 20, Goal: 4 << 20}
	p := &Process{}
	for _, v := range []struct {
		before time.Duration // of the end of the cycle before
		heap   int64
		left   int64 // by the cycle before, -1 for not seen
		want   bool
	}{
		{122 * time.Second, 2 << 20, -1, true},
		{120 * time.Second, 2 << 20, -1, false}, // less than two minutes before its begin
		{122 * time.Second, 3 << 20, -1, false}, // beyond 45/64 of the goal
		{122 * time.Second, 3 << 20, 2 << 20, true},
		{122 * time.Second, 3<<20 + 1<<19, 2 << 20, false},
	} {
		p.last = highwater.Cycle{}
		if v.left >= 0 {
			p.last = highwater.Cycle{Number: 4, After: v.left}
		}
		c.Before = v.heap
		if got := p.timed(c, end.Add(-v.before)); got != v.want {
			t.Errorf("%+v: %v", v, got)
		}
	}
}
