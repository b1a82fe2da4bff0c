package servers

import (
	"context"
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

// Default is the name of the engine that is used when none is named.
const Default = "mux"

// All returns the engines, the default first.
func All() []load.Engine {
	return []load.Engine{Mux(), Over(engines.VT10x())}
}

// Mux is the multiplexer over the terminal emulator midterm, with the SSH server
// and the plugin host beside it.
func Mux() load.Engine {
	e := Over(engines.Midterm())
	e.Name = "mux"
	e.Doc = "a multiplexer over github.com/vito/midterm; charm.land/wish for SSH; plugins in JavaScript and Starlark"
	e.SSH, e.Plugins, e.Setup = wishSSH(), newScripts, setup
	e.Budgets = []load.Budget{
		busyCollector("ansi_stress", "midterm makes all rows of the screen anew for every line that scrolls, and hostile output does little else"),
		busyCollector("concurrent_plugins", "nearly everything that a script touches is allocated, and all interpreters are there to be marked"),
	}
	return e
}

// Over is the multiplexer over any terminal emulator that the terminal suite
// takes, and nothing else.
func Over(e terminal.Engine) load.Engine {
	return load.Engine{
		Name: e.Name,
		Doc:  "the multiplexer over " + e.Doc,
		New:  func() (load.Server, error) { return newMux(e), nil },
	}
}

// busyCollector lets the collector be as busy as it likes. The metric is at most
// 1, so the figure is shown and not judged.
func busyCollector(scenario, reason string) load.Budget {
	return load.Budget{Scenario: scenario, Limit: highwater.Limit{Metric: highwater.GCPressure, Bound: 1, Reason: reason}}
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
