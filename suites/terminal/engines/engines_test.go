package engines_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/trial"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

// TestSuite runs every scenario over every engine, against the screens of tmux.
// With -v it logs the figures that the package's documentation gives.
func TestSuite(t *testing.T) {
	for _, e := range engines.All() {
		for _, s := range terminal.Suite(e).Scenarios {
			t.Run(s.Name+"@"+e.Name, func(t *testing.T) {
				defer goleak.VerifyNone(t)
				before := trial.Descriptors(t)
				natural := execute(t, e, s, highwater.PassNatural)
				if !raceEnabled { // which says nothing of memory, and is slow
					exact := execute(t, e, s, highwater.PassExact)
					t.Logf("%s; a plain run takes %v", exact.Figures(s), natural.Loop.Round(time.Millisecond))
				}
				if after := trial.Descriptors(t); after != before {
					t.Errorf("%d descriptors open, %d before", after, before)
				}
			})
		}
	}
}

// execute runs the scenario, up to three times for an engine whose hint says
// that it may fail on a busy machine.
func execute(t *testing.T, e terminal.Engine, s highwater.Scenario, pass highwater.Pass) *trial.Recorder {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	for attempt := 1; ; attempt++ {
		r := &trial.Recorder{Exact: pass == highwater.PassExact}
		err := s.Execute(ctx, pass, r)
		if err == nil {
			return r
		}
		if e.Hint == "" || attempt == 3 {
			t.Fatal(err)
		}
		t.Logf("attempt %d: %v", attempt, err)
	}
}
