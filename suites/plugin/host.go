package plugin

import "context"

// Host is a program that loads plugins: what the suite measures. The suite calls
// its methods from several goroutines at once in the resource_management
// scenario only, where a plugin that spins must not keep others from answering.
//
// Every method returns an error once ctx has ended, soon after it has.
type Host interface {
	// Load loads a plugin under an ID that no loaded plugin has.
	Load(ctx context.Context, p Plugin) error

	// Unload ends the plugin and gives back what it held. The ID may be used
	// again afterwards. A plugin that has crashed or was stopped is unloaded in
	// the same way.
	Unload(ctx context.Context, id string) error

	// Call calls a function of the plugin (see the guest's contract in the
	// package documentation) and returns its result. When ctx ends first, the
	// plugin is stopped and an error returned. A plugin that has crashed or was
	// stopped answers with errors until it is unloaded and loaded again, or
	// replaced.
	Call(ctx context.Context, id, function, argument string) (string, error)

	// Publish calls the function event of every loaded plugin that listens to
	// the topic, and returns when all have handled the event. Handled is the
	// number of plugins that did.
	Publish(ctx context.Context, topic, event string) (handled int, err error)

	// Close unloads what is still loaded and gives everything back: goroutines,
	// descriptors, child processes, files.
	Close() error
}

// Plugin is what a host is asked to load.
type Plugin struct {
	ID      string
	Version int      // 1 or 2
	Topics  []string // whose events it gets

	// MemoryLimit is the most that the plugin may hold, in bytes; 0 is as much
	// as it likes. A call that makes the plugin hold more ends with an error.
	// Hosts that lack [MemoryLimit] never see one.
	MemoryLimit int64

	// Answer is what the plugin reaches with its function ask. It is nil where
	// the scenario does not need it, and for hosts that lack [Callback].
	Answer func(ctx context.Context, question string) (string, error)
}

// Reloader is implemented by hosts that can replace a plugin in place. With
// others the suite unloads the old version and then loads the new one.
type Reloader interface {
	// Reload puts p in the place of the plugin with its ID. What the old one
	// held is given back; its state is not carried over.
	Reload(ctx context.Context, p Plugin) error
}

// Ability is something that not every kind of plugin can offer.
type Ability string

// The abilities that a host may lack.
const (
	MemoryLimit Ability = "memory limit" // Plugin.MemoryLimit is enforced
	TimeLimit   Ability = "time limit"   // a call ends with its context
	Callback    Ability = "callback"     // the plugin can ask the host
)

// Abilities lists all of them.
func Abilities() []Ability { return []Ability{MemoryLimit, TimeLimit, Callback} }
