package target

import (
	"context"
	"io"
	"time"

	"github.com/highwater-dev/highwater"
)

// Target is where a scenario's process comes from.
type Target struct {
	Info highwater.ScenarioInfo
	Path string   // executable
	Args []string // without the executable's name
	Env  []string // added to highwater's own environment, before the pass's settings
	Dir  string   // working directory; "" for highwater's

	// Bench marks a benchmark of a package: allocations are those that testing
	// prints, and the probe is the one that the overlay added.
	Bench bool
	// Test marks a test or an example among them: the probe itself counts its
	// allocations.
	Test bool
	// Command marks a command that knows nothing of highwater and has no probe: it
	// is measured from outside alone, in the natural pass, as Drive says.
	Command bool
	// Program marks a main package that was built with the probe, and is measured
	// as a whole.
	Program bool
	// Drive says how a program or command is used meanwhile; nil for scenarios.
	Drive *Drive

	// PassArgs are added to Args in processes of that pass.
	PassArgs map[highwater.Pass][]string
}

// Limits bound one process tree.
type Limits struct {
	Timeout   time.Duration // 0: none
	MaxMemory int64         // resident bytes of the whole tree; 0: none
	// Scratch is a folder that goes when the tree has ended, also when highwater
	// itself was killed meanwhile (on Linux).
	Scratch string
	// Output, when set, is given all that the process prints, as it comes.
	Output io.Writer `json:"-"`
	// Stop, when it is closed, asks the process to end: with SIGTERM, and after
	// Grace (0: DefaultGrace) without asking.
	Stop  <-chan struct{} `json:"-"`
	Grace time.Duration

	// Started, when set, is told the process id of the supervisor, whose descendants
	// the process and all that it starts are (on Linux).
	Started func(supervisor int) `json:"-"`

	// Tree asks for [Exit.Tree] (on Linux); all of the tree is asked to end then,
	// and given the grace. WaitTree waits for what the process leaves running.
	Tree, WaitTree bool
}

// DefaultGrace is how long a process that was asked to end may take.
const DefaultGrace = 5 * time.Second

func (l Limits) grace() time.Duration {
	if l.Grace > 0 {
		return l.Grace
	}
	return DefaultGrace
}

// tee sends to the Output what w gets.
func (l Limits) tee(w io.Writer) io.Writer {
	if l.Output == nil {
		return w
	}
	return io.MultiWriter(w, l.Output)
}

// Exit is how a process ended and what it left.
type Exit struct {
	Code      int    `json:"code"` // -1 when a signal ended it
	Signal    string `json:"signal,omitempty"`
	TimedOut  bool   `json:"timed_out,omitempty"`  // ended by us at its deadline
	Stopped   bool   `json:"stopped,omitempty"`    // we asked it to end; see Limits.Stop
	Forced    bool   `json:"forced,omitempty"`     // and it did not within its grace, and was killed
	OverLimit int64  `json:"over_limit,omitempty"` // resident bytes at which we ended it for memory
	// OOM is set when the kernel's out-of-memory killer ended some process while
	// this one ran: with SIGKILL that we did not send, most likely this one.
	OOM      bool    `json:"oom,omitempty"`
	Orphans  []Child `json:"orphans,omitempty"`  // still there when it had ended; killed
	Children []Child `json:"children,omitempty"` // all that were seen while it ran
	// ChildMemory is the highest sum of the high-water marks of children that were
	// alive at one look, in bytes; 0 where none was seen.
	ChildMemory int64 `json:"child_memory,omitempty"`
	// Tree is nil where it was not asked for or cannot be had.
	Tree   *Tree  `json:"tree,omitempty"`
	Stderr string `json:"stderr,omitempty"` // its beginning and its end, at most 8 KiB
	Err    string `json:"err,omitempty"`    // could not be started or waited for
}

// Child is a process that the measured process started.
type Child struct {
	PID       int    `json:"pid"`
	Command   string `json:"command"`
	HighWater int64  `json:"high_water"` // VmHWM in bytes, as last seen
}

// stderrKept is how much of a process's standard error is kept.
const stderrKept = 8 << 10

// Launch runs path with args and env until it ends, and returns how it ended.
// When ctx ends first the whole tree is killed.
func Launch(ctx context.Context, path string, args, env []string, dir string, l Limits) Exit {
	return launch(ctx, path, args, env, dir, l)
}
