package hosts

import (
	"context"

	"github.com/highwater-dev/highwater/suites/plugin"
)

// Mechanism is a way to run plugins.
type Mechanism interface {
	// Load starts the plugin's version. What it costs to have a Mechanism at all
	// was paid by its set-up.
	Load(ctx context.Context, p plugin.Plugin) (Instance, error)

	// LimitsMemory reports whether Load honours a limit of the plugin's memory.
	LimitsMemory() bool
}

// Instance is one running plugin. It is called from one goroutine at a time.
type Instance interface {
	// Call calls one of the plugin's functions. An error, and a ctx that ends
	// first, is the end of the plugin: only Close is called then.
	Call(ctx context.Context, function, argument string) (string, error)

	// Close ends the plugin and gives back all that it holds.
	Close() error
}
