//go:build !unix

package engines

import (
	"errors"
	"runtime"

	"github.com/highwater-dev/highwater/suites/terminal"
)

func newVaxisTerminal(_, _ int) (terminal.Terminal, error) {
	return nil, errors.New("vaxis: the widget needs a Unix pseudo-terminal, which " + runtime.GOOS + " does not have; choose another engine")
}
