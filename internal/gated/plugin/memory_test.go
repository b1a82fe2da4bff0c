//go:build gated

package plugin

import (
	"testing"

	"github.com/highwater-dev/highwater/memtest"
	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/hosts"
)

func TestMemory(t *testing.T) {
	if err := hosts.Prepare(t.Context(), func(what string) { t.Log(what) }); err != nil {
		t.Fatal(err)
	}
	memtest.RunSuite(t, plugin.Suite(hosts.All()[0]))
}
