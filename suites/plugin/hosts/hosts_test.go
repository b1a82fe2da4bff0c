package hosts_test

import (
	"context"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/trial"
	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/hosts"
)

// TestSuite runs every scenario over every engine, with -short over the default
// one. With -v it logs figures like those that the documentation gives.
func TestSuite(t *testing.T) {
	if err := hosts.Prepare(t.Context(), func(s string) { t.Log(s) }); err != nil {
		t.Fatal(err)
	}
	engines := hosts.All()
	if testing.Short() {
		engines = engines[:1]
	}
	for _, e := range engines {
		for _, s := range plugin.Suite(e).Scenarios {
			t.Run(s.Name+"@"+e.Name, func(t *testing.T) {
				defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				temp := shortTemp(t)
				before := trial.Descriptors(t)
				began := time.Now()
				r := &trial.Recorder{Exact: true}
				if err := s.Execute(ctx, highwater.PassExact, r); err != nil {
					t.Fatal(err)
				}
				t.Logf("%s; took %v, %v of it set-up and tear-down", r.Figures(s),
					time.Since(began).Round(time.Millisecond), (time.Since(began) - r.Loop).Round(time.Millisecond))
				if after := trial.Descriptors(t); after != before {
					t.Errorf("%d descriptors open, %d before", after, before)
				}
				if left, _ := os.ReadDir(temp); len(left) > 0 {
					t.Errorf("left in the temporary directory: %v", left)
				}
			})
		}
	}
}

// shortTemp gives the test a temporary directory of its own, with a name short
// enough for sockets.
func shortTemp(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "t")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
