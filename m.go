package highwater

import (
	"context"
	"errors"
	"fmt"
	"runtime"
)

// Recorder is the measuring side of a scenario's process. [M] tells it how far
// the workload is; it reads the memory. Tests of scenarios may give their own.
type Recorder interface {
	// Start takes the baseline: what is live now is taken off every later
	// reading. It may be called again and then begins anew.
	Start()
	// LoopStart begins the window over which allocations per operation are
	// counted.
	LoopStart()
	// LoopEnd ends that window after ops operations.
	LoopEnd(ops int)
	// Checkpoint reads live memory. Op counts the operations so far; steady
	// says whether the reading belongs to the steady phase.
	Checkpoint(name string, op int, steady bool)
	// More reports whether a loop that has made its ops operations shall go on
	// nevertheless, for a pass that needs more time.
	More(ops int) bool
	// SteadyEnd is called when the body has returned, before tear-down.
	SteadyEnd()
	// TornDown is called when all cleanups have run.
	TornDown()
}

// SessionCounter is implemented by recorders that want to know how many sessions
// are live at a checkpoint. Sessions is called just before it.
type SessionCounter interface{ Sessions(n int) }

// M is passed to a scenario's workload, as testing.B is to a benchmark. Its
// methods are called from the workload's own goroutine, [M.Context] excepted.
type M struct {
	ctx      context.Context
	rec      Recorder
	pass     Pass
	info     ScenarioInfo
	started  bool // Start was called, explicitly or by the first Loop or Checkpoint
	op       int  // operations begun by Loop
	counting bool // inside the allocation window
	looped   bool // Loop has returned false
	steady   bool
	explicit bool // Steady was called
	marks    int  // checkpoints taken
	keep     []any
	cleanups []func()
	failure  error
}

// checkpointsPerLoop is how many checkpoints Loop spreads over its operations.
const checkpointsPerLoop = 12

// Execute runs the scenario's workload in this process, telling rec how far it
// is. It returns an error when the workload failed itself ([M.Fatalf]); a panic
// is not caught, so that the process ends as it would in production.
func (s Scenario) Execute(ctx context.Context, pass Pass, rec Recorder) error {
	m := &M{ctx: ctx, rec: rec, pass: pass, info: s.Info()}
	// Fatalf ends a goroutine, so there is one to end. All of a scenario that
	// does not fail runs in it, from the baseline to the last reading, so that
	// its stack is there in both and counts in neither.
	completed := false
	inGoroutine(func() {
		rec.Start()
		s.Run(m)
		m.endWindow()
		if m.marks == 0 {
			m.Checkpoint("end")
		}
		rec.SteadyEnd()
		m.tearDown()
		rec.TornDown()
		completed = true
	})
	for len(m.cleanups) > 0 { // only after Fatalf
		inGoroutine(m.tearDown)
	}
	if m.failure == nil && !completed {
		return errGoexit
	}
	return m.failure
}

var errGoexit = errors.New("the workload ended its goroutine before it was done: by runtime.Goexit, or a failing method of testing.T; use Fatalf of highwater.M")

// tearDown runs the cleanups, the last first. What one of them leaves by Fatalf
// is still to be done by the next call.
func (m *M) tearDown() {
	m.keep = nil
	for len(m.cleanups) > 0 {
		last := len(m.cleanups) - 1
		f := m.cleanups[last]
		m.cleanups[last] = nil
		m.cleanups = m.cleanups[:last]
		f()
	}
	m.cleanups = nil
}

// inGoroutine runs f in a goroutine of its own and waits for it, also when f
// leaves by runtime.Goexit. The goroutine has run its deferred calls by then.
func inGoroutine(f func()) {
	done := make(chan struct{})
	go func() {
		returned := false
		defer func() {
			// A panic is about to end the process. Until then nothing may go on
			// here, and tell that the workload has ended in another way.
			if returned || exiting() {
				close(done)
			}
		}()
		f()
		returned = true
	}()
	<-done
}

// exiting reports whether the deferred call that asks is made by runtime.Goexit,
// and not by a panic.
func exiting() bool {
	callers := make([]uintptr, 16)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.Goexit":
			return true
		case f.Function == "runtime.gopanic" || !more:
			return false
		}
	}
}

// Context ends when the scenario's deadline has passed or highwater goes away.
func (m *M) Context() context.Context { return m.ctx }

// Sessions is the number of live instances that the workload must build.
func (m *M) Sessions() int { return m.info.Sessions }

// Pass tells in which kind of process the workload runs. A workload that acts
// on it measures different things in different passes: use it for logs only.
func (m *M) Pass() Pass { return m.pass }

// Start ends the set-up: what is live now (fixtures, recorded input) is shared
// by all sessions and taken off every later reading. Without a call to Start
// the set-up ends where the workload begins.
func (m *M) Start() {
	m.rec.Start()
	m.started = true
}

// Loop reports whether to make another operation:
//
//	for m.Loop() {
//		// one operation
//	}
//
// It makes the scenario's number of operations (more in passes that need time),
// takes checkpoints spread evenly over them, and counts allocations from its
// first call to its last. The second half is the steady phase unless
// [M.Steady] was called. A workload has one loop: a second one is a failure.
func (m *M) Loop() bool {
	if m.looped {
		m.Fatalf("Loop was called again after its end: a workload has one loop")
	}
	if m.op == 0 {
		m.counting = true
		m.rec.LoopStart()
	}
	if m.pass == PassSoak {
		return m.soakLoop()
	}
	if m.op >= m.info.Ops {
		m.endWindow()
		if m.op == m.info.Ops {
			m.mark("")
		}
		if m.rec.More(m.op) && m.ctx.Err() == nil {
			m.op++
			return true
		}
		m.looped = true
		return false
	}
	// Evenly spread: a checkpoint wherever another twelfth has been completed.
	if m.op > 0 && m.op*checkpointsPerLoop/m.info.Ops != (m.op-1)*checkpointsPerLoop/m.info.Ops {
		m.mark("")
	}
	m.op++
	return true
}

// soakLoop is Loop in a soak, which goes on until its time is over: the recorder
// takes checkpoints by the clock.
func (m *M) soakLoop() bool {
	if m.rec.More(m.op) && m.ctx.Err() == nil {
		m.op++
		return true
	}
	m.endWindow()
	m.marks++ // or there would be one at the end, for want of any
	m.looped = true
	return false
}

// mark takes one of Loop's own checkpoints.
func (m *M) mark(name string) {
	if !m.explicit {
		m.steady = m.op*2 > m.info.Ops
	}
	m.checkpoint(name)
}

func (m *M) checkpoint(name string) {
	m.marks++
	m.rec.Checkpoint(name, m.op, m.steady)
}

func (m *M) endWindow() {
	if m.counting {
		m.counting = false
		m.rec.LoopEnd(min(m.op, m.info.Ops)) // fewer where the body left its loop
	}
}

// Op is the number of the operation under way, from 1; 0 before the first.
func (m *M) Op() int { return m.op }

// Checkpoint reads live memory now, after a forced collection in the exact
// pass. Workloads without a Loop call it where it matters; what the workload
// must still hold at that point it has to keep alive, with [M.KeepAlive] or by
// a later use.
func (m *M) Checkpoint(name string) {
	if m.op == 0 && !m.explicit {
		m.steady = true // no loop so far: every explicit checkpoint counts
	}
	m.checkpoint(name)
}

// CheckpointSessions reads live memory with n sessions live, while a workload
// opens one after the other: with 1, 10 and 100 of them, say. From the readings
// at two numbers or more the cost of one more session and the fixed cost of the
// whole are fitted, the metrics [SessionCost] and [FixedCost]; see [SessionFit]. The
// readings are not of the steady phase.
func (m *M) CheckpointSessions(n int) {
	if n < 0 {
		m.Fatalf("CheckpointSessions(%d): a number of sessions is not negative", n)
	}
	if c, ok := m.rec.(SessionCounter); ok {
		c.Sessions(n)
	}
	name := fmt.Sprintf("%d sessions", n)
	if n == 1 {
		name = "1 session"
	}
	m.rec.Checkpoint(name, m.op, false)
}

// Steady begins the steady phase: the checkpoints from here on are those of
// which the sustained memory is the median.
func (m *M) Steady() { m.explicit, m.steady = true, true }

// KeepAlive keeps x reachable until tear-down, so that a session which the
// workload no longer touches still counts.
func (m *M) KeepAlive(x ...any) { m.keep = append(m.keep, x...) }

// Cleanup adds a step to the tear-down. Steps run in reverse order after the
// last checkpoint; what they fail to give back is the retained memory.
func (m *M) Cleanup(f func()) { m.cleanups = append(m.cleanups, f) }

// Fatalf ends the workload: the scenario could not do its work, and nothing
// that was measured counts.
func (m *M) Fatalf(format string, args ...any) {
	if m.failure == nil {
		m.failure = fmt.Errorf(format, args...)
	}
	runtime.Goexit()
}

// Check is Fatalf for an error that is not nil.
func (m *M) Check(err error) {
	if err != nil {
		m.Fatalf("%w", err)
	}
}
