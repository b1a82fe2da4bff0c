package servers

import (
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
	}
}
