package servers_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/trial"
	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/load/servers"
)

// TestSuite runs every scenario over every engine. With -v it logs figures.
func TestSuite(t *testing.T) {
	for _, e := range servers.All() {
		suite := load.Suite(e)
		if err := suite.Validate(); err != nil {
			t.Error(err)
		}
		for _, s := range suite.Scenarios {
			t.Run(s.Name+"@"+e.Name, func(t *testing.T) {
				defer goleak.VerifyNone(t)
				before := trial.Descriptors(t)
				natural := execute(t, s, highwater.PassNatural)
				exact := execute(t, s, highwater.PassExact)
				t.Logf("%s; a plain run takes %v", exact.Figures(s), natural.Loop.Round(time.Millisecond))
				if after := trial.Descriptors(t); after != before {
					t.Errorf("%d descriptors open, %d before", after, before)
				}
			})
		}
	}
}

func execute(t *testing.T, s highwater.Scenario, pass highwater.Pass) *trial.Recorder {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	r := &trial.Recorder{Exact: pass == highwater.PassExact}
	if err := s.Execute(ctx, pass, r); err != nil {
		t.Fatal(err)
	}
	return r
}
