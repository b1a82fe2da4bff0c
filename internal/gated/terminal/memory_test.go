//go:build gated

package terminal

import (
	"testing"

	"github.com/highwater-dev/highwater/memtest"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

func TestMemory(t *testing.T) {
	memtest.RunSuite(t, terminal.Suite(engines.Midterm()))
}
