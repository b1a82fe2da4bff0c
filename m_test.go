package highwater_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// recorder writes down what it is told, and lets a loop go on up to a number of
// operations.
type recorder struct {
	calls []string
	goOn  int
}

func (r *recorder) note(format string, args ...any) {
	r.calls = append(r.calls, fmt.Sprintf(format, args...))
}

func (r *recorder) Start()          { r.note("start") }
func (r *recorder) LoopStart()      { r.note("loop") }
func (r *recorder) LoopEnd(ops int) { r.note("end of %d", ops) }
func (r *recorder) SteadyEnd()      { r.note("steady end") }
func (r *recorder) TornDown()       { r.note("torn down") }
func (r *recorder) More(ops int) bool {
	r.note("more than %d?", ops)
	return ops < r.goOn
}

func (r *recorder) Checkpoint(name string, op int, steady bool) {
	kind := "checkpoint"
	if steady {
		kind = "steady checkpoint"
	}
	r.note("%s %q %d", kind, name, op)
}

// checkpoints counts the readings, and those of the steady phase.
func (r *recorder) checkpoints() (all, steady int) {
	for _, c := range r.calls {
		if strings.Contains(c, "checkpoint") {
			all++
		}
		if strings.HasPrefix(c, "steady checkpoint") {
			steady++
		}
	}
	return all, steady
}

// execute runs a workload of so many operations.
func execute(r *recorder, ops int, run func(m *highwater.M)) error {
	s := highwater.Scenario{Name: "s", Ops: ops, Run: run}
	return s.Execute(context.Background(), highwater.PassExact, r)
}

func check(t *testing.T, r *recorder, want ...string) {
	t.Helper()
	if !slices.Equal(r.calls, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(r.calls, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestBodyWithoutLoop(t *testing.T) {
	var r recorder
	if err := execute(&r, 0, func(*highwater.M) {}); err != nil {
		t.Error(err)
	}
	check(t, &r, "start", `steady checkpoint "end" 0`, "steady end", "torn down")

	r = recorder{}
	if err := execute(&r, 0, func(m *highwater.M) {
		m.Checkpoint("open")
		m.Checkpoint("full")
	}); err != nil {
		t.Error(err)
	}
	check(t, &r, "start", `steady checkpoint "open" 0`, `steady checkpoint "full" 0`, "steady end", "torn down")
}

// Steady says where the steady phase begins, whatever the loop would think.
// counter is a recorder that wants to know how many sessions are live.
type counter struct{ recorder }

func (c *counter) Sessions(n int) { c.note("%d live", n) }

func TestCheckpointSessions(t *testing.T) {
	body := func(m *highwater.M) {
		m.Start()
		m.CheckpointSessions(1)
		m.CheckpointSessions(10)
	}
	c := &counter{}
	s := highwater.Scenario{Name: "s", Run: body}
	if err := s.Execute(t.Context(), highwater.PassExact, c); err != nil {
		t.Fatal(err)
	}
	// They are no readings of the steady phase, so the end is read as ever.
	check(t, &c.recorder, "start", "start", "1 live", `checkpoint "1 session" 0`, "10 live", `checkpoint "10 sessions" 0`,
		`steady checkpoint "end" 0`, "steady end", "torn down")

	r := &recorder{}
	if err := execute(r, 1, body); err != nil {
		t.Fatal(err)
	}
	if all, steady := r.checkpoints(); all != 3 || steady != 1 {
		t.Errorf("a recorder that does not count sessions got %v", r.calls)
	}
	if err := execute(&recorder{}, 1, func(m *highwater.M) { m.CheckpointSessions(-1) }); err == nil {
		t.Error("a negative number of sessions is taken")
	}
}

func TestSteady(t *testing.T) {
	var r recorder
	if err := execute(&r, 4, func(m *highwater.M) {
		for m.Loop() {
			if m.Op() == 2 {
				m.Steady()
			}
			if m.Op() == 1 {
				m.Checkpoint("early")
			}
		}
	}); err != nil {
		t.Error(err)
	}
	check(t, &r, "start", "loop", `checkpoint "early" 1`, `checkpoint "" 1`, `steady checkpoint "" 2`, `steady checkpoint "" 3`,
		"end of 4", `steady checkpoint "" 4`, "more than 4?", "steady end", "torn down")
}

func TestWhatABodyIsTold(t *testing.T) {
	s := highwater.Scenario{Name: "s", Sessions: 7, Ops: 2, Run: func(m *highwater.M) {
		if m.Sessions() != 7 || m.Pass() != highwater.PassCollector || m.Op() != 0 || m.Context().Err() != nil {
			t.Errorf("%d sessions, pass %s, operation %d, %v", m.Sessions(), m.Pass(), m.Op(), m.Context().Err())
		}
	}}
	if err := s.Execute(t.Context(), highwater.PassCollector, &recorder{}); err != nil {
		t.Error(err)
	}
}

// What ends a workload before it is done: everything is torn down, and nothing
// is recorded as if it had been complete.
func TestFailures(t *testing.T) {
	wrapped := errors.New("no disk")
	for name, c := range map[string]struct {
		body func(m *highwater.M, r *recorder)
		err  string
		want []string
	}{
		"Fatalf": {
			func(m *highwater.M, r *recorder) { m.Fatalf("got %d, want %d", 1, 2) },
			"got 1, want 2",
			[]string{"cleanup 2", "cleanup 1"},
		},
		"Check":           {func(m *highwater.M, r *recorder) { m.Check(wrapped) }, "no disk", []string{"cleanup 2", "cleanup 1"}},
		"Check, no error": {func(m *highwater.M, r *recorder) { m.Check(nil); m.Fatalf("x") }, "x", []string{"cleanup 2", "cleanup 1"}},
		"Goexit": {
			func(m *highwater.M, r *recorder) { runtime.Goexit() },
			"ended its goroutine",
			[]string{"cleanup 2", "cleanup 1"},
		},
		"Goexit after a panic": {
			func(m *highwater.M, r *recorder) {
				defer runtime.Goexit()
				panic("x")
			},
			"ended its goroutine",
			[]string{"cleanup 2", "cleanup 1"},
		},
		"in a loop": {
			func(m *highwater.M, r *recorder) {
				for m.Loop() {
					m.Fatalf("x")
				}
			}, "x", []string{"loop", "cleanup 2", "cleanup 1"},
		},
		"twice": {
			func(m *highwater.M, r *recorder) {
				m.Cleanup(func() { m.Fatalf("and then %s", "that") })
				m.Fatalf("first")
			}, "first", []string{"cleanup 2", "cleanup 1"},
		},
		"in a cleanup": {
			func(m *highwater.M, r *recorder) { m.Cleanup(func() { r.note("cleanup 3"); m.Fatalf("cannot close") }) },
			"cannot close",
			[]string{`steady checkpoint "end" 0`, "steady end", "cleanup 3", "cleanup 2", "cleanup 1"},
		},
		"Goexit in a cleanup": {
			func(m *highwater.M, r *recorder) { m.Cleanup(func() { runtime.Goexit() }) },
			"ended its goroutine",
			[]string{`steady checkpoint "end" 0`, "steady end", "cleanup 2", "cleanup 1"},
		},
		"a second loop": {
			func(m *highwater.M, r *recorder) {
				loop(m)
				r.calls = r.calls[:1]
				loop(m)
			}, "a workload has one loop", []string{"cleanup 2", "cleanup 1"},
		},
		"deferred": {
			func(m *highwater.M, r *recorder) {
				defer r.note("deferred")
				m.Fatalf("x")
			}, "x", []string{"deferred", "cleanup 2", "cleanup 1"},
		},
	} {
		var r recorder
		err := execute(&r, 10, func(m *highwater.M) {
			m.Cleanup(func() { r.note("cleanup 1") })
			m.Cleanup(func() { r.note("cleanup 2") })
			c.body(m, &r)
			r.note("the body went on")
		})
		if name == "in a cleanup" || name == "Goexit in a cleanup" {
			c.want = slices.Insert(c.want, 0, "the body went on")
		}
		if err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: got %v, want %q", name, err, c.err)
		}
		if want := append([]string{"start"}, c.want...); !slices.Equal(r.calls, want) {
			t.Errorf("%s: got %q, want %q", name, r.calls, want)
		}
		if name == "Check" && !errors.Is(err, wrapped) {
			t.Errorf("%v does not wrap the error", err)
		}
	}
}

// A cleanup may add another, which runs next.
func TestCleanupInCleanup(t *testing.T) {
	var r recorder
	if err := execute(&r, 1, func(m *highwater.M) {
		m.Cleanup(func() { r.note("last") })
		m.Cleanup(func() {
			r.note("first")
			m.Cleanup(func() { r.note("second") })
		})
	}); err != nil {
		t.Error(err)
	}
	check(t, &r, "start", `steady checkpoint "end" 0`, "steady end", "first", "second", "last", "torn down")
}

// What KeepAlive holds is there until tear-down, and gone before the first
// cleanup.
func TestKeepAlive(t *testing.T) {
	collected := make(chan struct{})
	err := execute(&recorder{}, 1, func(m *highwater.M) {
		object := &[1 << 10]byte{}
		runtime.AddCleanup(object, func(c chan struct{}) { close(c) }, collected)
		m.KeepAlive(object)
		for m.Loop() {
			runtime.GC()
			runtime.GC()
			select {
			case <-collected:
				m.Fatalf("it was collected")
			default:
			}
		}
		m.Cleanup(func() {
			for range 100 {
				runtime.GC()
				select {
				case <-collected:
					return
				default:
					runtime.Gosched()
				}
			}
			m.Fatalf("it is still there")
		})
	})
	if err != nil {
		t.Error(err)
	}
}
