//go:build unix

package soak_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/trial"
	"github.com/highwater-dev/highwater/suites/soak"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

// scenario is one of the suite's, with as many rounds as the test wants. The test
// is skipped where the program is missing.
func scenario(t *testing.T, e soak.Engine, name string, ops int) highwater.Scenario {
	t.Helper()
	needs := map[string]string{"vim_session": "vim", "interactive_shell": "bash", "log_streaming": "sh"}
	if _, err := exec.LookPath(needs[name]); err != nil {
		t.Skipf("no %s", needs[name])
	}
	for _, s := range soak.Suite(e).Scenarios {
		if s.Name == name {
			s.Ops = ops
			return s
		}
	}
	t.Fatalf("no scenario %s", name)
	return highwater.Scenario{}
}

// Every program is left and started again on the way, and nothing is left behind.
func TestSuite(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, e := range engines.All() {
		for name, ops := range map[string]int{"vim_session": 11, "interactive_shell": 11, "log_streaming": 101} {
			if e.Name != engines.Default {
				if testing.Short() {
					continue
				}
				ops = min(ops, 12)
			}
			t.Run(name+"@"+e.Name, func(t *testing.T) {
				defer goleak.VerifyNone(t)
				s := scenario(t, soak.Over(e), name, ops)
				before := trial.Descriptors(t)
				r := &trial.Recorder{}
				// An engine's hint says that it may fail on a busy machine.
				err := s.Execute(t.Context(), highwater.PassNatural, r)
				for attempt := 1; err != nil && e.Hint != "" && attempt < 3; attempt++ {
					t.Logf("attempt %d: %v", attempt, err)
					err = s.Execute(t.Context(), highwater.PassNatural, r)
				}
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%d rounds in %v", ops, r.Loop.Round(time.Millisecond))
				if after := trial.Descriptors(t); after != before {
					t.Errorf("%d descriptors open, %d before", after, before)
				}
				nothingLeft(t)
			})
		}
	}
}

// nothingLeft looks for files and processes of a scenario that is over.
func nothingLeft(t *testing.T) {
	t.Helper()
	files, err := os.ReadDir(os.TempDir())
	if err != nil || len(files) > 0 {
		t.Errorf("files are left: %v, %v", files, err)
	}
	for _, p := range processes(t) {
		if p.home(os.TempDir()) {
			t.Errorf("a process is left: %+v", p)
		}
	}
}

func TestMissingPrograms(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	engine := soak.Over(engines.Midterm())
	for name, want := range map[string]string{
		"vim_session":       "vim is not on the PATH: install it, on Debian and Ubuntu with `apt-get install vim`",
		"interactive_shell": "bash is not on the PATH: install it, on Debian and Ubuntu with `apt-get install bash`",
		"log_streaming":     "sh is not on the PATH: install it, on Debian and Ubuntu with `apt-get install dash`",
	} {
		s := scenario(t, engine, name, 1)
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", "/nowhere")
			err := s.Execute(t.Context(), highwater.PassNatural, &trial.Recorder{})
			if err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
			nothingLeft(t)
		})
	}
}

// A context that ends stops the round under way.
func TestStopped(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	defer goleak.VerifyNone(t)
	for _, name := range soak.Scenarios() {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			e := soak.Over(engines.Midterm())
			e.New = after(e.New, 20_000, func() { cancel(errors.New("time is up")) })
			s := scenario(t, e, name, 1_000_000)
			err := s.Execute(ctx, highwater.PassNatural, &trial.Recorder{})
			if err == nil || !strings.Contains(err.Error(), "time is up") || !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			nothingLeft(t)
		})
	}
}

func TestEngineIsValidated(t *testing.T) {
	good := soak.Over(engines.Midterm())
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*soak.Engine){
		"the name must not be empty": func(e *soak.Engine) { e.Name = "" },
		"New is nil":                 func(e *soak.Engine) { e.New = nil },
		`unknown scenario "vim"`: func(e *soak.Engine) {
			e.Budgets = []soak.Budget{{Scenario: "vim", Limit: highwater.Limit{Metric: highwater.Peak, Bound: 1, Reason: "why"}}}
		},
	} {
		e := good
		change(&e)
		if err := e.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
