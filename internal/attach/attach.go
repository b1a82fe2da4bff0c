package attach

import (
	"context"
	"errors"
	"fmt"

	"github.com/highwater-dev/highwater"
)

// Reading is one look at a process.
type Reading struct {
	// Point is what could be had; when it was and how many operations there had been
	// (At, Op, Work) are the caller's to say.
	Point highwater.SoakPoint
	// Sites are the allocation sites of what is live, largest first, in bytes and
	// objects that are scaled from samples; nil where they cannot be had.
	Sites []highwater.Site
	// Goroutines are grouped by where they were created and where they are blocked,
	// with one count each; nil where they cannot be had.
	Goroutines []highwater.GoroutineSeries
	// Mappings are the resident bytes by mapping, in After, largest first.
	Mappings []highwater.Mapping
	// Rate is how many bytes lie between two samples behind Sites.
	Rate int
}

// Source is a process that can be looked at. One goroutine at a time uses it.
type Source interface {
	// Read looks at the process. The error is [ErrGone] when it has ended.
	Read(ctx context.Context) (Reading, error)
	// Lacks says what this source cannot tell and why, as of the last reading.
	Lacks() map[highwater.Quantity]string
	Kind() highwater.SoakSource
	// Name is for people: "pid 1234 (server)", or the address.
	Name() string
	Close() error
}

// ErrGone says that there is no process to look at any more. What wraps it says how
// it ended, where that is known.
var ErrGone = errors.New("the process has ended")

// goneError is ErrGone of a process that is called name.
type goneError struct{ name, how string }

func (e *goneError) Error() string {
	if e.how == "" {
		return fmt.Sprintf("%s: %v", e.name, ErrGone)
	}
	return fmt.Sprintf("%s: %v: it %s", e.name, ErrGone, e.how)
}

func (e *goneError) Unwrap() error { return ErrGone }

// gone is ErrGone of a process that is called name; how may be empty.
func gone(name, how string) error { return &goneError{name, how} }

// Ending says how a process ended, as in "exited with status 1", where err is ErrGone
// and that is known; otherwise it is empty.
func Ending(err error) string {
	var g *goneError
	if errors.As(err, &g) {
		return g.how
	}
	return ""
}

// What no look from outside can tell.
const (
	noLive = "the heap of a process cannot be seen from outside; of a Go program that imports net/http/pprof it can: " +
		"--url http://HOST:PORT/debug/pprof"
	noOffHeap    = "what the Go runtime holds cannot be seen from outside"
	noOperations = "nobody counts the operations of a process that highwater did not build"
)
