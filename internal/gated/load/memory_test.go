//go:build gated

package load

import (
	"testing"

	"github.com/highwater-dev/highwater/memtest"
	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/load/servers"
)

func TestMemory(t *testing.T) {
	if err := servers.Prepare(t.Context(), func(what string) { t.Log(what) }); err != nil {
		t.Fatal(err)
	}
	memtest.RunSuite(t, load.Suite(servers.All()[0]))
}
