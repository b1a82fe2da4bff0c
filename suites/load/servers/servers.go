package servers

import (
	"context"

	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

// Default is the name of the engine that is used when none is named.
const Default = "mux"

// All returns the engines, the default first.
func All() []load.Engine { return []load.Engine{Mux()} }

// Mux is the multiplexer over the terminal emulator midterm.
func Mux() load.Engine {
	return load.Engine{
		Name: "mux",
		Doc:  "a multiplexer over github.com/vito/midterm",
		New:  func() (load.Server, error) { return newMux(engines.Midterm()), nil },
		SSH:  wishSSH(),
	}
}

// Prepare builds the programs that the scenarios start, where they are not there
// yet, telling say which.
func Prepare(ctx context.Context, say func(string)) error { return load.Prepare(ctx, say) }
