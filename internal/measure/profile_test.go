package measure

import (
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/probe"
)

func TestDifference(t *testing.T) {
	frames := []probe.Frame{{Func: "a", File: "a.go", Line: 1}, {Func: "b", File: "b.go", Line: 2}, {Func: "a", File: "a.go", Line: 300}}
	base := &probe.Profile{Rate: 1, Frames: frames, Records: []probe.Record{
		{Objects: 2, Bytes: 20, Stack: []int{0, 1}}, // grows
		{Objects: 5, Bytes: 50, Stack: []int{1}},    // stays
		{Objects: 7, Bytes: 70, Stack: []int{2, 1}}, // goes
	}}
	// The same stacks, by other numbers, and one of them in two sizes.
	at := &probe.Profile{Rate: 1, Frames: []probe.Frame{frames[1], frames[0], {Func: "c", File: "c.go", Line: 9}}, Records: []probe.Record{
		{Objects: 1, Bytes: 1000, Stack: []int{1, 0}},
		{Objects: 3, Bytes: 30, Stack: []int{1, 0}},
		{Objects: 5, Bytes: 50, Stack: []int{0}},
		{Objects: 4, Bytes: 44, Stack: []int{2}}, // is new
	}}
	check := func(name string, got []heap.Record, want map[string][2]int64) {
		t.Helper()
		if len(got) != len(want) {
			t.Errorf("%s: %d records, want %d: %+v", name, len(got), len(want), got)
		}
		for _, r := range got {
			w, ok := want[r.Stack[0].Func+" "+r.Stack[0].File]
			if r.Stack[0].Line == 300 {
				w, ok = want["a again"]
			}
			if !ok || r.Objects != w[0] || r.Bytes != w[1] {
				t.Errorf("%s: %+v, want %v", name, r, w)
			}
		}
	}
	check("both", difference(base, at), map[string][2]int64{"a a.go": {2, 1010}, "a again": {-7, -70}, "c c.go": {4, 44}})
	check("no base", difference(nil, at), map[string][2]int64{"a a.go": {4, 1030}, "b b.go": {5, 50}, "c c.go": {4, 44}})
	check("the same", difference(at, at), nil)
	check("nothing", difference(nil, nil), nil)
}

// Each profile is scaled by its own rate.
func TestDifferenceOfRates(t *testing.T) {
	frames := []probe.Frame{{Func: "f", File: "f.go", Line: 1}}
	base := &probe.Profile{Rate: 1, Frames: frames, Records: []probe.Record{{Objects: 100, Bytes: 409600, Stack: []int{0}}}}
	at := &probe.Profile{Rate: 4096, Frames: frames, Records: []probe.Record{{Objects: 1000, Bytes: 1000 * 4096, Stack: []int{0}}}}
	got := difference(base, at)
	if len(got) != 1 || got[0].Objects != 1582-100 || got[0].Bytes != 6479777-409600 {
		t.Errorf("got %+v", got)
	}
}

// Objects of one stack are told apart by their size, each scaled by its own chance to be
// sampled.
func TestSized(t *testing.T) {
	p := &probe.Profile{Rate: 4096, Frames: []probe.Frame{{Func: "f", File: "f.go", Line: 1}}, Records: []probe.Record{
		{Objects: 1000, Bytes: 1000 * 4096, Stack: []int{0}},
		{Objects: 10, Bytes: 10 * 65536, Stack: []int{0}},
		{Objects: 0, Bytes: 0, Stack: []int{0}},
	}}
	records := sized(p)
	if len(records) != 2 || records[0].Size != 4096 || records[0].Objects != 1582 || records[1].Size != 65536 || records[1].Objects != 10 {
		t.Errorf("got %+v", records)
	}
	m := &highwater.Measurement{}
	fillAllocated(m, &probe.TornDown{Allocated: p, AllocatedOps: 5})
	if len(m.Allocated) != 1 || len(m.Allocated[0].Sizes) != 2 || m.Allocated[0].Sizes[0] != (highwater.SizeUse{Size: 4096, Objects: 1582}) {
		t.Errorf("got %+v", m.Allocated)
	}
}

func TestLoopWork(t *testing.T) {
	m := &highwater.Measurement{Values: map[string]float64{}, Unsupported: map[string]string{}}
	fillNatural(m, &probe.Natural{Ops: 10, WindowNS: 1, LoopOps: 50, LoopNS: int64(time.Second), LoopCPUNS: int64(2 * time.Second)})
	if m.Loop == nil || *m.Loop != (highwater.LoopWork{Ops: 50, Wall: time.Second, CPU: 2 * time.Second}) {
		t.Errorf("got %+v", m.Loop)
	}
	without := &highwater.Measurement{Values: map[string]float64{}, Unsupported: map[string]string{}}
	if fillNatural(without, &probe.Natural{}); without.Loop != nil {
		t.Errorf("no operations are %+v", without.Loop)
	}
}
