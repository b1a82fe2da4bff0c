package engines

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/highwater-dev/highwater/suites/terminal"
)

// Default is the name of the engine that is used when none is named.
const Default = "midterm"

// All returns the engines, the default first.
func All() []terminal.Engine {
	return []terminal.Engine{Midterm(), VT10x(), Vaxis(), XVT()}
}

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
func ByName(name string) (terminal.Engine, error) {
	for _, e := range All() {
		if e.Name == name {
			return e, nil
		}
	}
	return terminal.Engine{}, fmt.Errorf("unknown terminal engine %q%s (engines: %s)",
		name, suggest.Hint(name, Names()), strings.Join(Names(), ", "))
}
