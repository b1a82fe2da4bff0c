package hosts

import (
	"context"
	"runtime"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/guest"
)

var guestVersions = guest.Versions()

// Mixed runs each scenario over the mechanisms for which it is natural.
func Mixed() plugin.Engine {
	e := engine("mixed", "each scenario over what it is natural for: WebAssembly, processes, scripts", func(scenario string) []kind {
		switch scenario {
		case "event_dispatch":
			return []kind{gojaKind, starlarkKind}
		case "communication":
			return []kind{processKind}
		case "resource_management":
			return []kind{wazeroKind, gojaKind, processKind}
		case "hot_reload":
			return []kind{wazeroKind, processKind, gojaKind, starlarkKind}
		}
		return []kind{wazeroKind}
	})
	e.Budgets = slices.Concat(
		wasmBudget("single_load", 10e6, 5.5e6), wasmBudget("multiple_load", 4.2e6, 4.2e6),
		wasmBudget("lifecycle", 7.5e6, 4.2e6), wasmBudget("resource_management", 4e6, 2.5e6),
		wasmBudget("memory_intensive", 13e6, 11e6),
	)
	return e
}

// Wazero runs plugins as WebAssembly modules.
func Wazero() plugin.Engine {
	e := engine("wazero", "github.com/tetratelabs/wazero: WebAssembly modules written in Go", only(wazeroKind))
	e.Budgets = slices.Concat(
		wasmBudget("single_load", 10e6, 5.5e6), wasmBudget("multiple_load", 4.2e6, 4.2e6),
		wasmBudget("lifecycle", 7.5e6, 4.2e6), wasmBudget("event_dispatch", 4.2e6, 4.2e6),
		wasmBudget("communication", 7e6, 6e6), wasmBudget("resource_management", 6e6, 4.2e6),
		wasmBudget("hot_reload", 6e6, 4.2e6), wasmBudget("memory_intensive", 13e6, 11e6),
	)
	return e
}

// wasmBudget is the budget of a scenario whose plugins are Go modules, in bytes a
// session.
func wasmBudget(scenario string, peak, sustained float64) []plugin.Budget {
	const reason = "the memory of a module written in Go begins at 3.4 MB of the host's heap, and is there twice while it grows"
	return []plugin.Budget{
		{Scenario: scenario, Limit: highwater.Limit{Metric: highwater.Peak, Bound: peak, Reason: reason}},
		{Scenario: scenario, Limit: highwater.Limit{Metric: highwater.Sustained, Bound: sustained, Reason: reason}},
	}
}

// GoPlugin runs plugins as processes.
func GoPlugin() plugin.Engine {
	e := engine("goplugin", "github.com/hashicorp/go-plugin: a process for each plugin, over gRPC", only(processKind))
	e.Lacks = processLacks()
	return e
}

// Goja runs plugins written in JavaScript.
func Goja() plugin.Engine {
	e := engine("goja", "github.com/dop251/goja: plugins in JavaScript", only(gojaKind))
	e.Lacks = []plugin.Lack{{Ability: plugin.MemoryLimit, Reason: "goja does not count what a script holds"}}
	return e
}

// Starlark runs plugins written in Starlark.
func Starlark() plugin.Engine {
	e := engine("starlark", "go.starlark.net: plugins in Starlark", only(starlarkKind))
	e.Lacks = []plugin.Lack{{Ability: plugin.MemoryLimit, Reason: "the interpreter does not count what a script holds"}}
	return e
}

// GoPluginNetRPC is [GoPlugin] over net/rpc, and one of the engines with which to
// see a gate fail. What is left of each unloaded plugin, some 10 KB, is held for
// five minutes by the timers of its connection's streams, which yamux sets when
// they are closed and does not stop when the connection is. In that time a program
// that reloads at a steady pace looks, and costs, as if it leaked. yamux also
// writes a line to standard error where a plugin hung up before it did.
func GoPluginNetRPC() plugin.Engine {
	e := engine("goplugin-netrpc", "github.com/hashicorp/go-plugin over net/rpc, known to leak at each reload", only(netRPCKind))
	e.Lacks = append(processLacks(), plugin.Lack{Ability: plugin.Callback, Reason: "left out over net/rpc, which is here for its leak"})
	return e
}

// WazeroOpen is [Wazero] in a host that forgets to close what it replaces: the
// other engine with which to see a gate fail.
func WazeroOpen() plugin.Engine {
	e := Wazero()
	e.Name, e.Doc = "wazero-open", "wazero in a host that leaves the old module open at each reload: known to leak"
	inner := e.New
	e.New = func(ctx context.Context, scenario string) (plugin.Host, error) {
		h, err := inner(ctx, scenario)
		if host, ok := h.(*Host); ok {
			host.leaveOpen = true
		}
		return h, err
	}
	return e
}

// processLacks is what a host of processes cannot do here.
func processLacks() []plugin.Lack {
	if watchable {
		return nil
	}
	return []plugin.Lack{{
		Ability: plugin.MemoryLimit,
		Reason:  "the memory of another process cannot be watched on " + runtime.GOOS,
	}}
}
