package hosts

import (
	"context"
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/highwater-dev/highwater/suites/plugin"
)

// Default is the name of the engine that is used when none is named.
const Default = "mixed"

// All returns the engines, the default first and those that are known to leak
// last.
func All() []plugin.Engine {
	return []plugin.Engine{Mixed(), Wazero(), GoPlugin(), Goja(), Starlark(), GoPluginNetRPC(), WazeroOpen()}
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
func ByName(name string) (plugin.Engine, error) {
	for _, e := range All() {
		if e.Name == name {
			return e, nil
		}
	}
	return plugin.Engine{}, fmt.Errorf("unknown plugin engine %q%s (engines: %s)",
		name, suggest.Hint(name, Names()), strings.Join(Names(), ", "))
}

// kind is a mechanism with its set-up.
type kind struct {
	mechanism Mechanism
	setup     func(ctx context.Context, version int) error
}

var (
	wazeroKind   = kind{wasm{}, prepared(modules)}
	processKind  = kind{process{}, prepared(executables)}
	netRPCKind   = kind{process{netRPC: true}, prepared(executables)}
	gojaKind     = kind{javaScript{}, prepared(programs)}
	starlarkKind = kind{starlarkScript{}, prepared(files)}
)

func prepared[T any](s *shared[T]) func(context.Context, int) error {
	return func(ctx context.Context, version int) error {
		_, err := s.get(ctx, version)
		return err
	}
}

// engine runs every scenario over the mechanisms that choose names for it.
func engine(name, doc string, choose func(scenario string) []kind) plugin.Engine {
	return plugin.Engine{
		Name: name, Doc: doc,
		Setup: func(ctx context.Context, scenario string) error {
			versions := guestVersions[:1]
			if scenario == "hot_reload" {
				versions = guestVersions
			}
			for _, k := range choose(scenario) {
				for _, v := range versions {
					if err := k.setup(ctx, v); err != nil {
						return err
					}
				}
			}
			return nil
		},
		New: func(_ context.Context, scenario string) (plugin.Host, error) {
			var mechanisms []Mechanism
			for _, k := range choose(scenario) {
				mechanisms = append(mechanisms, k.mechanism)
			}
			return New(mechanisms...), nil
		},
	}
}

func only(k kind) func(string) []kind {
	return func(string) []kind { return []kind{k} }
}
