package tui

import (
	"context"
	"io"
	"time"

	"github.com/highwater-dev/highwater"
)

// Target is what is looked at. Look and Snapshot are never called at the same time;
// Collect may be called at the same time as either.
type Target interface {
	// Name is for people: "server (pid 1234)".
	Name() string
	// Look is one look at the process.
	Look(ctx context.Context) (highwater.Snapshot, error)
	// Collect makes the process collect its garbage now. An error says why it cannot.
	Collect(ctx context.Context) error
	// Snapshot looks and keeps what it saw. The path is where.
	Snapshot(ctx context.Context) (path string, s highwater.Snapshot, err error)
}

// Options are what a dashboard needs.
type Options struct {
	Target   Target
	Interval time.Duration // from one look to the next; 0 is a second
	// Rest is how long the target is to be left alone after its last look, where that is
	// longer than Interval; nil where looks cost it nothing.
	Rest func() time.Duration
	In   io.Reader // keys
	Out  io.Writer // the terminal
	// Threshold is the size in bytes below which a site is not listed, unless it has
	// changed by as much.
	Threshold int64
	// Only says of a function's name whether the user wants to see it: of sites and groups
	// those with such a function on their stack are listed. nil: all.
	Only func(function string) bool
	// Now is the time for what does not come from a snapshot, such as how long there has
	// been no answer; nil is time.Now.
	Now func() time.Time
	// Environ is the environment, of which TERM, NO_COLOR and their like are read.
	Environ []string
	// Gone reports whether an error of Look says that the process has ended. nil never
	// does.
	Gone func(error) bool
	// Source reads a file of the target's source, by the name that its build recorded;
	// nil where there is none to be had.
	Source func(file string) ([]byte, error)
}

func (o Options) withDefaults() Options {
	if o.Interval <= 0 {
		o.Interval = time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Gone == nil {
		o.Gone = func(error) bool { return false }
	}
	if o.Rest == nil {
		o.Rest = func() time.Duration { return 0 }
	}
	return o
}
