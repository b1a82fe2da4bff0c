package servers

import (
	"context"
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
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
		Name:    "mux",
		Doc:     "a multiplexer over github.com/vito/midterm; charm.land/wish for SSH; plugins in JavaScript and Starlark",
		New:     func() (load.Server, error) { return newMux(engines.Midterm()), nil },
		SSH:     wishSSH(),
		Plugins: newScripts,
		Setup:   setup,
		Budgets: []load.Budget{{Scenario: "ansi_stress", Limit: highwater.Limit{
			Metric: highwater.GCPressure, Bound: 1,
			Reason: "midterm makes all rows of the screen anew for every line that scrolls, and hostile output does little else",
		}}, {Scenario: "concurrent_plugins", Limit: highwater.Limit{
			Metric: highwater.GCPressure, Bound: 1,
			Reason: "nearly everything that a script touches is allocated, and all interpreters are there to be marked",
		}}},
	}
}

// Prepare builds the programs that the scenarios start, where they are not there
// yet, telling say which.
func Prepare(ctx context.Context, say func(string)) error { return load.Prepare(ctx, say) }

// Names returns the engines' names in the order of [All].
func Names() []string {
	var names []string
	for _, e := range All() {
		names = append(names, e.Name)
	}
	return names
}

// ByName returns the engine called name. The error names all engines and, where
// one looks much like name, that one first.
func ByName(name string) (load.Engine, error) {
	for _, e := range All() {
		if e.Name == name {
			return e, nil
		}
	}
	return load.Engine{}, fmt.Errorf("unknown load engine %q%s (engines: %s)",
		name, suggest.Hint(name, Names()), strings.Join(Names(), ", "))
}
