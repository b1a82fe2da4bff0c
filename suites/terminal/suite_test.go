package terminal_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

// recorder counts the calls that a workload makes of the measuring side, and
// asks for a number of operations more than the scenario's own.
type recorder struct {
	extra                         int
	started, loops, marks, steady int
	ended, torn                   int
}

func (r *recorder) Start()            { r.started++ }
func (r *recorder) LoopStart()        { r.loops++ }
func (r *recorder) LoopEnd(int)       {}
func (r *recorder) SteadyEnd()        { r.ended++ }
func (r *recorder) TornDown()         { r.torn++ }
func (r *recorder) More(ops int) bool { r.extra--; return r.extra >= 0 }

func (r *recorder) Checkpoint(_ string, _ int, steady bool) {
	r.marks++
	if steady {
		r.steady++
	}
}

// wrapped is midterm with something changed about each of its terminals.
func wrapped(change func(terminal.Terminal) terminal.Terminal) terminal.Engine {
	e := engines.Midterm()
	inner := e.New
	e.New = func(cols, rows, scrollback int) (terminal.Terminal, error) {
		t, err := inner(cols, rows, scrollback)
		return change(t), err
	}
	return e
}

func scenario(t *testing.T, e terminal.Engine, name string) highwater.Scenario {
	t.Helper()
	for _, s := range terminal.Suite(e).Scenarios {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no scenario %s", name)
	return highwater.Scenario{}
}

func TestSuiteIsValid(t *testing.T) {
	for _, e := range engines.All() {
		s := terminal.Suite(e)
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
		if len(s.Scenarios) != 8 {
			t.Errorf("%d scenarios, want 8", len(s.Scenarios))
		}
		for _, sc := range s.Scenarios {
			if sc.Sessions%3 != 0 || sc.Variant != e.Name || sc.Ops < 24 || sc.Ops > 200 {
				t.Errorf("%s: %d sessions, %d operations", sc.ID(), sc.Sessions, sc.Ops)
			}
		}
	}
}

// The screens must be right whatever number of operations a pass makes.
func TestAnyNumberOfOperations(t *testing.T) {
	for _, s := range terminal.Suite(engines.Midterm()).Scenarios {
		r := &recorder{extra: s.Ops/2 + 1}
		if err := s.Execute(t.Context(), highwater.PassExact, r); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		if r.started < 2 || r.loops != 1 || r.marks < 6 || r.steady < 3 || r.ended != 1 || r.torn != 1 {
			t.Errorf("%s: calls %+v", s.Name, r)
		}
	}
}

// What is shared is set up before the baseline is taken, and sessions after it.
func TestSessionsAreMadeAfterStart(t *testing.T) {
	r := &recorder{}
	made, closed := 0, 0
	e := wrapped(func(inner terminal.Terminal) terminal.Terminal {
		made++
		if r.started < 2 { // Execute itself calls it once
			t.Error("a terminal was made before the baseline was taken")
		}
		return closing{inner, func() error {
			closed++
			if r.ended != 1 {
				t.Error("a terminal was closed before the end of the steady phase")
			}
			return inner.Close()
		}}
	})
	if err := scenario(t, e, "resize_storm").Execute(t.Context(), highwater.PassExact, r); err != nil {
		t.Fatal(err)
	}
	if made != 3 || closed != 3 {
		t.Errorf("%d terminals were made and %d closed, want 3", made, closed)
	}
}

type closing struct {
	terminal.Terminal
	close func() error
}

func (c closing) Close() error { return c.close() }

// dropping loses every 50th write.
type dropping struct {
	terminal.Terminal
	writes *atomic.Int64
}

func (d dropping) Write(p []byte) (int, error) {
	if d.writes.Add(1)%50 == 0 {
		return len(p), nil
	}
	return d.Terminal.Write(p)
}

// lazy never draws.
type lazy struct{ terminal.Terminal }

func (lazy) Render(io.Writer) error { return nil }

// forgetful keeps half of the scrollback.
type forgetful struct {
	terminal.Terminal
	terminal.Scrollbacker
}

func (f forgetful) Scrollback() int { return f.Scrollbacker.Scrollback() / 2 }

// invented keeps the right number of wrong lines.
type invented struct{ forgetful }

func (i invented) Scrollback() int             { return i.Scrollbacker.Scrollback() }
func (i invented) ScrollbackLine(n int) string { return "" }

// failing does all it is asked to but one thing.
type failing struct{ terminal.Terminal }

func (failing) Resize(int, int) error { return errors.New("no such size") }

type short struct{ terminal.Terminal }

func (s short) Write(p []byte) (int, error) { return len(p) / 2, nil }

func TestDishonestEnginesFail(t *testing.T) {
	for name, c := range map[string]struct {
		scenario string
		change   func(terminal.Terminal) terminal.Terminal
		want     string
	}{
		"drops output": {
			"cursor_operations",
			func(t terminal.Terminal) terminal.Terminal { return dropping{t, new(atomic.Int64)} },
			"is not the one in tmux",
		},
		"draws nothing": {
			"render_frames",
			func(t terminal.Terminal) terminal.Terminal { return lazy{t} },
			"the frame at the end of the loop does not show tmux's screen",
		},
		"keeps half the scrollback": {
			"scrollback",
			func(t terminal.Terminal) terminal.Terminal { return forgetful{t, t.(terminal.Scrollbacker)} },
			"the scrollback is not tmux's: 500 rows, want 1000",
		},
		"keeps other lines": {
			"scrollback",
			func(t terminal.Terminal) terminal.Terminal {
				return invented{forgetful{t, t.(terminal.Scrollbacker)}}
			},
			"the scrollback is not tmux's: 1000 of 1000 rows differ",
		},
		"does not resize": {
			"resize_storm",
			func(t terminal.Terminal) terminal.Terminal { return failing{t} },
			"step 1 of the cycle: resize to 60x18: no such size",
		},
		"writes half": {
			"buffer_fill",
			func(t terminal.Terminal) terminal.Terminal { return short{t} },
			"short write",
		},
		"does not close": {
			"buffer_fill",
			func(t terminal.Terminal) terminal.Terminal {
				return closing{t, func() error { return errors.New("stuck") }}
			},
			"midterm at 200x60: close: stuck",
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := scenario(t, wrapped(c.change), c.scenario).Execute(t.Context(), highwater.PassNatural, &recorder{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestEngineThatCannotStart(t *testing.T) {
	e := terminal.Engine{Name: "none", New: func(int, int, int) (terminal.Terminal, error) {
		return nil, errors.New("no pseudo-terminal")
	}}
	err := scenario(t, e, "buffer_fill").Execute(context.Background(), highwater.PassNatural, &recorder{})
	if err == nil || !strings.Contains(err.Error(), "none at 80x24: no pseudo-terminal") {
		t.Errorf("error %v", err)
	}
}

func TestEngineValidate(t *testing.T) {
	ok := engines.Midterm()
	for want, change := range map[string]func(*terminal.Engine){
		`must not be empty`: func(e *terminal.Engine) { e.Name = "" },
		`or contain '/'`:    func(e *terminal.Engine) { e.Name = "a/b" },
		`New is nil`:        func(e *terminal.Engine) { e.New = nil },
		`unknown scenario "scrolback"; did you mean "scrollb`: func(e *terminal.Engine) { e.Deviations = []terminal.Deviation{{Scenario: "scrolback", Reason: "r"}} },
		`deviation in scrollback without a reason`:            func(e *terminal.Engine) { e.Deviations = []terminal.Deviation{{Scenario: "scrollback"}} },
		`budget in scrollback without a reason`: func(e *terminal.Engine) {
			e.Budgets = []terminal.Budget{{Scenario: "scrollback", Limit: highwater.Limit{Metric: highwater.Peak}}}
		},
		`unknown metric "peek"`: func(e *terminal.Engine) {
			e.Budgets = []terminal.Budget{{Scenario: "scrollback", Limit: highwater.Limit{Metric: "peek", Reason: "r"}}}
		},
	} {
		e := ok
		change(&e)
		if err := e.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	if err := ok.Validate(); err != nil {
		t.Error(err)
	}
}
