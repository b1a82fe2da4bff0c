package attach

import (
	"context"
	"errors"
	"time"

	"github.com/highwater-dev/highwater"
)

// Live is a process that is looked at while it runs; nothing is forced in it, unless
// [Live.Collect] is called. One goroutine at a time uses it.
type Live interface {
	// Look is a snapshot of the moment. Sites, groups of goroutines, proportional set
	// sizes and descriptors cost the process or us something: they are made anew when
	// full is set, or when the last time lies so far back that they take little of the
	// time (a fifth of a percent, where the process pays for it); otherwise they are those
	// of the last look. GroupsAt and SitesAt say when that was. The error is [ErrGone] when
	// the process has ended.
	Look(ctx context.Context, full bool) (highwater.Snapshot, error)
	// Collect forces a collection. The error says why there is none to be had.
	Collect(ctx context.Context) error
	// Profile is a profile in pprof's format, by the runtime's name for it: "heap",
	// "goroutine". The error says why there is none to be had.
	Profile(ctx context.Context, name string) ([]byte, error)
	Kind() highwater.SoakSource
	// Name is for people: "pid 1234 (server)", or the address.
	Name() string
	Close() error
}

// Rester is a [Live] whose looks cost the process so much that they should not follow each
// other as fast as they can be had.
type Rester interface {
	// Rest is how long the process is to be left alone after the last look, so that looks
	// take little of its time. It may be called while there is one.
	Rest() time.Duration
}

// Inside reads the runtime of a Go process from outside.
type Inside interface {
	// Fill puts into s what it can read, and into s.Lacks why it cannot read the rest.
	// Sites and groups of goroutines are made anew where full is set; when it is not,
	// whether they are is for it to decide. What the operating system tells is in s
	// already.
	Fill(s *highwater.Snapshot, full bool) error
	Close() error
}

// Sizer is an [Inside] that reads the heap itself. It is asked at full looks alone: that
// takes a millisecond for every ten megabytes of heap, of ours, and stops nothing.
type Sizer interface {
	SizeClasses() ([]highwater.SizeClass, error)
}

// inside are the quantities that only the runtime of a Go program knows.
var inside = []highwater.Quantity{
	highwater.QuantityMemory, highwater.QuantityLive, highwater.QuantityAllocated, highwater.QuantitySites,
	highwater.QuantityCycles, highwater.QuantityPauses, highwater.QuantityGCCPU, highwater.QuantityOffHeap,
	highwater.QuantityGoroutines, highwater.QuantityStates, highwater.QuantityWaits,
}

var (
	errNoCollect = errors.New("a collection cannot be forced in a process from outside: a pprof endpoint (--url) and a " +
		"program that highwater builds can")
	errNoProfile = errors.New("the process gives no profile from outside: a pprof endpoint (--url) and a program that " +
		"highwater builds do")
)

// lacking is why a process that is seen from outside alone tells nothing of its inside.
func lacking(why string) map[highwater.Quantity]string {
	if why == "" {
		why = noLive
	}
	lacks := map[highwater.Quantity]string{
		highwater.QuantityOps: noOperations, highwater.QuantityCollect: errNoCollect.Error(),
	}
	for _, q := range inside {
		lacks[q] = why
	}
	return lacks
}
