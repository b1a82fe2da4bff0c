package load_test

import (
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/memtest"
	"github.com/highwater-dev/highwater/suites/load"
)

// The suite as a user runs it inside go test, over a server of one's own that does its
// work: every scenario is measured, and within its budget.
func TestInsideGoTest(t *testing.T) {
	if testing.Short() {
		t.Skip("measures every scenario")
	}
	memtest.RunSuite(t, load.Suite(load.Engine{
		Name: "mine", New: func() (load.Server, error) { return tinyServer{}, nil },
		Patience: 5 * time.Minute, // the machine may be busy
		Budgets: []load.Budget{{Scenario: "ansi_stress", Limit: highwater.Limit{
			Metric: highwater.GCPressure, Bound: 1,
			Reason: "midterm makes all rows of the screen anew for every line that scrolls, and hostile output does little else",
		}}},
	}), memtest.Timeout(10*time.Minute))
}
