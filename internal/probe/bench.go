package probe

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Bench is the probe's side of a benchmark that knows nothing of highwater. A
// wrapper, added to the benchmark's package, tells it of every call; see package
// overlay. Where highwater did not start the process it only makes the calls.
type Bench struct {
	spec  Spec
	on    bool
	link  *Link
	agent Agent
	ops   int
	calls int
	over  atomic.Bool

	took time.Duration // of the last call, in a soak
	made int           // its operations
}

// Timer is the part of *testing.B that keeps the probe's own work out of the
// benchmark's figures. The probe does not import testing, which would bring it
// into highwater itself.
type Timer interface {
	StopTimer()
	ResetTimer()
	StartTimer()
}

// exitUsage is highwater's status for a wrong call.
const exitUsage = 3

var (
	attach   sync.Once
	attached Bench
)

// Attach returns this process's Bench. It is called while the test's packages are
// initialised, before TestMain could start processes that would inherit what is
// meant for this one.
func Attach() *Bench {
	attach.Do(func() {
		spec, ok, err := fromVariable(EnvBench)
		if err != nil {
			fmt.Fprintln(os.Stderr, "highwater:", err)
			os.Exit(exitUsage)
		}
		attached.spec, attached.on = spec, ok
	})
	return &attached
}

// Call makes one call of the benchmark function. N is where testing counts its
// operations: b.Loop sets it as it goes.
//
// The baseline is taken before the first call, and live memory read after each:
// the benchmark's own variables are gone by then, its cleanups have not run.
func (b *Bench) Call(t Timer, n *int, f func()) {
	defer tellPanic()
	if !b.on {
		f()
		// A sub-benchmark that panics lets testing go on for as long as its crash
		// takes: what comes next must not be taken for what crashed.
		t.StopTimer()
		time.Sleep(5 * time.Millisecond)
		return
	}
	t.StopTimer()
	if b.calls == 0 {
		if err := b.begin(); err != nil {
			fmt.Fprintln(os.Stderr, "highwater:", err)
			os.Exit(exitUsage)
		}
		b.agent.Start()
	}
	if s, ok := b.agent.(*soak); ok {
		b.soakCall(s, t, n, f)
		return
	}
	b.calls++
	t.ResetTimer()
	t.StartTimer()
	f()
	if b.spec.Pass == "exact" {
		letHookRun()
	}
	t.StopTimer()
	b.ops += *n
	if a, ok := b.agent.(interface{ Called(ops int) }); ok {
		a.Called(*n)
	}
	b.agent.Checkpoint(fmt.Sprintf("call %d", b.calls), b.ops, true)
}

// tellPanic ends the process as a panic does, and without delay. The deferred calls
// of package testing let the next benchmark begin while the process crashes, and
// what panicked could not be told from it.
func tellPanic() {
	if r := recover(); r != nil {
		fmt.Fprintf(os.Stderr, "panic: %v\n\n%s", r, debug.Stack())
		os.Exit(2)
	}
}

// begin connects to highwater, and lets this process end with it.
func (b *Bench) begin() error {
	var err error
	asks := make(chan byte, 1)
	if b.link, err = DialAsked(b.spec, nil, asks); err != nil {
		return err
	}
	if b.agent, err = New(b.spec, b.link); err != nil {
		return err
	}
	if c, ok := b.agent.(*collector); ok {
		c.testing = true
	}
	Heed(b.agent, asks)
	go func() {
		<-b.link.Gone
		if !b.over.Load() {
			os.Exit(2)
		}
	}()
	return nil
}

// End is called when testing will not call the benchmark again; ok says that it
// did not fail. A benchmark that was not called has not been asked for.
func (b *Bench) End(ok bool) {
	if b.calls == 0 || b.over.Load() {
		return
	}
	if _, soaking := b.agent.(*soak); soaking && ok {
		return // testing calls it again, until the time is over
	}
	if ok {
		b.agent.SteadyEnd()
		b.agent.TornDown()
	} else {
		b.link.Send(Message{Type: TypeFailure, Failure: "it failed; see its output"})
	}
	b.over.Store(true)
	if err := b.link.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "highwater:", err)
	}
}
