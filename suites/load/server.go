package load

import (
	"context"
	"errors"
	"io"
)

// Server keeps terminal sessions: a multiplexer, a web terminal, a recorder. Its
// methods are called from many goroutines at a time.
type Server interface {
	// Open starts a session with a screen of that size. What the server draws
	// of the screen goes to client; a nil client is one that nobody has
	// attached yet.
	Open(cols, rows int, client io.Writer) (Session, error)
	// Close ends the server, with all sessions that are left, and gives
	// everything back: goroutines, descriptors, child processes.
	Close() error
}

// Session is one live session. The suite calls it from one goroutine at a time,
// and other sessions from others.
type Session interface {
	// Write takes output of the program in the session, cut anywhere. It may
	// return before the output has been worked off, and blocks while there is
	// no room for more. It must not keep p.
	io.Writer
	// Resize changes the size of the screen, after all output written before.
	Resize(cols, rows int) error
	// Sync waits until all output written before is on the screen, and the
	// client has been sent what it needs to see it. Every row that has changed
	// is sent whole.
	Sync() error
	// Screen returns the visible text, a string for each row, with the spaces
	// at the end of each cut off.
	Screen() []string
	// Close ends the session and gives back everything that it took.
	Close() error
}

// Counter is implemented by servers that know how many sessions are live. The
// suite holds them to the right number.
type Counter interface{ Live() int }

// Scrollbacker is implemented by sessions that keep the lines which have left
// the screen. What one keeps must be the newest of them, in their order.
type Scrollbacker interface {
	// Scrollback is the number of lines kept.
	Scrollback() int
	// ScrollbackLine returns the text of line i, right-trimmed; 0 is the oldest.
	ScrollbackLine(i int) string
}

// ErrCrashed is for sessions whose emulator has panicked over its input. A
// server that keeps such a session's end to the session lets its methods return
// an error that wraps ErrCrashed; see the scenario ansi_stress.
var ErrCrashed = errors.New("the session has crashed")

// SSHServer is a server that listens for SSH on a loopback address.
type SSHServer interface {
	// Addr is host:port.
	Addr() string
	// HostKey is the server's public key as a line of an authorized_keys file;
	// "" where it shall not be checked.
	HostKey() string
	// Live is the number of sessions that are connected now.
	Live() int
	// Close ends the server and all sessions. Nothing is left when it returns.
	Close() error
}

// SSH says how to start a server that listens for SSH, and how to talk with the
// program that runs in its sessions.
type SSH struct {
	// Listen starts the server on a port of its own choice.
	Listen func(ctx context.Context) (SSHServer, error)

	User, Password string // of the clients; no password: none is offered

	// Greeting is what the screen of a new session shows.
	Greeting string

	// Dialogue is what the client of a session types in a round, and what its
	// screen shows then. Both should depend on session and round: what a client
	// sees must be its own.
	Dialogue func(session, round int) (keys, want string)
}

// PluginHost keeps plugins, of which many are called at a time. Its methods are
// called from many goroutines; those for one plugin from one at a time.
//
// The plugins are those of the suite plugin_system, in their version 1: the same
// plugin serves both suites. Of its functions these are called:
//
//	init       takes the plugin's name and remembers it; returns its version, 1
//	transform  returns the text in upper case
//	event      counts an event, and adds up the bytes of the events
//	status     returns "NAME VERSION EVENTS BYTES HELD"; HELD is 0 here
type PluginHost interface {
	// Load loads another plugin under an ID that no loaded plugin has.
	Load(ctx context.Context, id string) error
	// Call calls a function of the plugin and returns its result.
	Call(ctx context.Context, id, function, argument string) (string, error)
	// Unload ends the plugin and gives back what it held.
	Unload(ctx context.Context, id string) error
	// Close unloads what is still loaded and gives everything back.
	Close() error
}
