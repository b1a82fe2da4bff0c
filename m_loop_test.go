package highwater_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func loop(m *highwater.M) {
	for m.Loop() {
	}
}

func TestLoopOrder(t *testing.T) {
	var r recorder
	err := execute(&r, 3, func(m *highwater.M) {
		r.note("set-up")
		m.Start()
		m.Cleanup(func() { r.note("first cleanup") })
		m.Cleanup(func() { r.note("second cleanup") })
		for m.Loop() {
			r.note("operation %d", m.Op())
		}
		r.note("after the loop")
	})
	if err != nil {
		t.Error(err)
	}
	check(t, &r, "start", "set-up", "start", "loop",
		"operation 1", `checkpoint "" 1`, "operation 2", `steady checkpoint "" 2`, "operation 3",
		"end of 3", `steady checkpoint "" 3`, "more than 3?", "after the loop",
		"steady end", "second cleanup", "first cleanup", "torn down")
}

// As many readings as there are operations, up to twelve; those after more than
// half of the operations are steady.
func TestLoopCheckpoints(t *testing.T) {
	for _, c := range []struct{ ops, all, steady int }{{1, 1, 1}, {2, 2, 1}, {5, 5, 3}, {11, 11, 6}, {12, 12, 6}, {13, 12, 7}, {100, 12, 6}, {1_000_003, 12, 7}} {
		var r recorder
		operations := 0
		if err := execute(&r, c.ops, func(m *highwater.M) {
			for m.Loop() {
				operations++
			}
		}); err != nil {
			t.Error(err)
		}
		if operations != c.ops {
			t.Errorf("%d operations, want %d", operations, c.ops)
		}
		if all, steady := r.checkpoints(); all != c.all || steady != c.steady {
			t.Errorf("%d operations: %d checkpoints, %d of them steady; want %d and %d", c.ops, all, steady, c.all, c.steady)
		}
		// Evenly: no two readings are much further apart than others.
		last, longest := 0, 0
		for _, call := range r.calls {
			var name string
			var op int
			if n, _ := fmt.Sscanf(strings.TrimPrefix(call, "steady "), "checkpoint %q %d", &name, &op); n == 2 {
				longest, last = max(longest, op-last), op
			}
		}
		if last != c.ops || longest > c.ops/c.all+1 {
			t.Errorf("%d operations: the last reading at %d, up to %d operations apart", c.ops, last, longest)
		}
	}
}

// A pass that needs time makes more operations than counted: allocations are of
// the first ones, and the readings too.
func TestLoopGoesOn(t *testing.T) {
	r := recorder{goOn: 5}
	if err := execute(&r, 2, loop); err != nil {
		t.Error(err)
	}
	check(t, &r, "start", "loop", `checkpoint "" 1`, "end of 2", `steady checkpoint "" 2`,
		"more than 2?", "more than 3?", "more than 4?", "more than 5?", "steady end", "torn down")
}

func TestLoopEndsWithItsContext(t *testing.T) {
	r := recorder{goOn: 1 << 40}
	ctx, cancel := context.WithCancel(t.Context())
	s := highwater.Scenario{Name: "s", Ops: 2, Run: func(m *highwater.M) {
		for m.Loop() {
			if m.Op() == 10 {
				cancel()
			}
			if m.Op() > 11 {
				m.Fatalf("it goes on")
			}
		}
	}}
	if err := s.Execute(ctx, highwater.PassNatural, &r); err != nil {
		t.Error(err)
	}
	if all, _ := r.checkpoints(); all != 2 {
		t.Errorf("%d checkpoints, want 2", all)
	}
}

// A body that leaves its loop has made fewer operations than the scenario has.
func TestLoopLeft(t *testing.T) {
	var r recorder
	if err := execute(&r, 100, func(m *highwater.M) {
		for m.Loop() {
			if m.Op() == 3 {
				break
			}
		}
	}); err != nil {
		t.Error(err)
	}
	check(t, &r, "start", "loop", "end of 3", `checkpoint "end" 3`, "steady end", "torn down")
}
