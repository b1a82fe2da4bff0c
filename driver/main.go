package driver

import (
	"context"
	"errors"
	"os/signal"
	"syscall"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// Main runs the command line and returns the status to exit with. The caller
// exits; nothing below does.
func Main(c Config) int {
	c = c.withDefaults()
	if code, done := child(c); done {
		return code
	}
	// The first signal ends the measuring, and what was measured is reported; a
	// second one ends the process in the usual way.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, c)
}

// child is where a process that highwater started from its own executable, to
// supervise a scenario or to be measured, goes its own way.
func child(c Config) (code int, done bool) {
	if code, done := target.MaybeSupervise(); done {
		return code, true
	}
	return measure.ChildMain(c.find)
}

// run is Main without process-wide effects.
func run(ctx context.Context, c Config) int {
	a := &app{Config: c}
	if err := c.validate(); err != nil {
		a.complain(err)
		return highwater.ExitError
	}
	root := a.root()
	root.SetArgs(c.Args)
	root.SetIn(c.Stdin)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	if err := root.ExecuteContext(ctx); err != nil {
		a.complain(err)
		if s := new(statusError); errors.As(err, &s) {
			return s.code
		}
		// What fails before a verb is entered is a wrong command line.
		return highwater.ExitUsage
	}
	return a.exit
}

// app is one invocation.
type app struct {
	Config
	exit int

	// sparing keeps the allocation sites of each scenario's first repeat only: twenty
	// repeats of all scenarios would make a Run file of 100 MB.
	sparing bool

	// dsn is the store that the settings name, where the baseline history is read.
	dsn string
}
