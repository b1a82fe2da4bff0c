package plugin_test

import (
	"testing"
	"time"

	"github.com/highwater-dev/highwater/memtest"
	"github.com/highwater-dev/highwater/suites/plugin"
)

// The suite as a user runs it inside go test, over a host of one's own that does its
// work: every scenario is measured, and within its budget.
func TestInsideGoTest(t *testing.T) {
	if testing.Short() {
		t.Skip("measures every scenario")
	}
	memtest.RunSuite(t, plugin.Suite(native(nil)), memtest.Timeout(10*time.Minute)) // the machine may be busy
}
