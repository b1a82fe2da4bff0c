package measure

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

// SoakLook is one look at a process from outside.
type SoakLook struct {
	Point      highwater.SoakPoint // At and Op are filled in by whoever looks at intervals
	Sites      []highwater.Site
	Goroutines []highwater.GoroutineSeries // with one count each
	Mappings   []highwater.Mapping         // with After only
	Rate       int                         // bytes between two samples behind Sites
}

// SoakView is a process without our probe, as it can be looked at from outside.
type SoakView struct {
	Kind  highwater.SoakSource
	Look  func(context.Context) (SoakLook, error)
	Lacks func() map[highwater.Quantity]string
	// Gone tells an error that says that the process has ended.
	Gone func(error) bool
	// Blocked, where it is set, asks once, at the end, which goroutines can never go on;
	// false says that the process does not know.
	Blocked func(context.Context) (groups []highwater.Leftover, ok bool, err error)
}

// mostBlocked is how long that may take.
const mostBlocked = 30 * time.Second

// mostFailures is how many looks in a row may fail: an endpoint may be too busy to
// answer now and then.
const mostFailures = 3

// SoakFrom looks at a process until the duration is over, ctx ends, or the process
// does.
func SoakFrom(ctx context.Context, info highwater.ScenarioInfo, v SoakView, o SoakOptions) highwater.Measurement {
	m := highwater.Measurement{
		Scenario: info.ID(), Pass: highwater.PassSoak, Started: time.Now().UTC().Truncate(time.Millisecond),
		Outcome: highwater.Outcome{Status: highwater.StatusExited, Detail: "highwater itself ended before the soak did"},
	}
	w := watching{view: v, options: o, recorder: NewSoakRecorder(v.Kind, o.Interval, o.Duration), begun: time.Now()}
	err := w.run(ctx, &m)
	m.Duration, m.Soak = time.Since(w.begun), w.soak()
	if err == nil || errors.Is(err, errInterrupted) {
		w.blocked(ctx, &m)
	}
	switch {
	case err == nil || len(m.Soak.Points) > 0 && errors.Is(err, errInterrupted):
		m.Outcome = highwater.Outcome{Status: highwater.StatusOK}
	case len(m.Soak.Points) == 0 && !errors.Is(err, errInterrupted):
		m.Outcome = highwater.Outcome{Status: highwater.StatusNoStart, Detail: "could not be looked at: " + err.Error()}
		m.Soak = nil
		return m
	default:
		m.Outcome = highwater.Outcome{Status: highwater.StatusExited, Detail: err.Error()}
	}
	if err != nil {
		m.Soak.Ended = err.Error()
	}
	return m
}

// blocked asks which goroutines can never go on.
func (w *watching) blocked(ctx context.Context, m *highwater.Measurement) {
	if w.view.Blocked == nil || len(m.Soak.Points) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mostBlocked)
	defer cancel()
	groups, ok, err := w.view.Blocked(ctx)
	if err != nil {
		m.Notes = append(m.Notes, "which goroutines can never go on was not told: "+err.Error())
		return
	}
	m.Soak.Blocked, m.Soak.LeakProfile = groups, ok
}

// watching is a soak from outside under way.
type watching struct {
	view     SoakView
	options  SoakOptions
	recorder *SoakRecorder
	begun    time.Time
	rate     int
}

// run looks at intervals. It returns nil when the time is over.
func (w *watching) run(ctx context.Context, m *highwater.Measurement) error {
	failed := 0
	end := time.NewTimer(w.options.Duration)
	defer end.Stop()
	for next := time.NewTimer(0); ; next.Reset(w.until()) {
		select {
		case <-ctx.Done():
			return errInterrupted
		case <-end.C:
			return nil
		case <-next.C:
		}
		at := time.Since(w.begun)
		l, err := w.view.Look(ctx)
		switch {
		case ctx.Err() != nil:
			return errInterrupted
		case err != nil && w.view.Gone(err):
			return err
		case err != nil:
			if failed++; failed == mostFailures {
				return fmt.Errorf("%d looks in a row failed, the last one: %w", failed, err)
			}
			continue
		}
		failed = 0
		w.rate = l.Rate
		l.Point.At = int64(at)
		w.recorder.Add(l.Point, l.Sites, l.Goroutines, l.Mappings)
		m.Duration, m.Soak = time.Since(w.begun), w.soak()
		w.options.Checkpoint(*m)
	}
}

// until is the time to the next look: they are an interval apart, whatever one takes.
func (w *watching) until() time.Duration {
	return w.options.Interval - time.Since(w.begun)%w.options.Interval
}

func (w *watching) soak() *highwater.Soak {
	k := w.recorder.Soak()
	k.Rate, k.Lacks = w.rate, w.view.Lacks()
	return &k
}

// SoakCommand starts a command, and looks at all processes that it starts. Open makes
// the view of them, by the process id of their supervisor, which is none of them.
func SoakCommand(ctx context.Context, t target.Target, o SoakOptions, open func(supervisor int) (SoakView, error)) highwater.Measurement {
	limits := target.Limits{Timeout: o.Duration + max(o.Timeout, DefaultTimeout), MaxMemory: o.MaxMemory, Output: o.Output}
	if limits.MaxMemory == 0 {
		limits.MaxMemory = DefaultMaxMemory()
	}
	stop, started := make(chan struct{}), make(chan int, 1)
	limits.Stop, limits.Tree, limits.Started = stop, true, func(pid int) { started <- pid }
	looking, ended := context.WithCancelCause(ctx)
	exit := make(chan target.Exit, 1)
	go func() {
		e := target.Launch(context.WithoutCancel(ctx), t.Path, t.Args, append(os.Environ(), t.Env...), t.Dir, limits)
		exit <- e
		ended(errEnded)
	}()
	m := highwater.Measurement{Scenario: t.Info.ID(), Pass: highwater.PassSoak, Started: time.Now().UTC().Truncate(time.Millisecond)}
	select {
	case pid := <-started:
		v, err := open(pid)
		if err != nil {
			m.Outcome = highwater.Outcome{Status: highwater.StatusNoStart, Detail: err.Error()}
			break
		}
		m = SoakFrom(looking, t.Info, v, o)
	case <-looking.Done():
	}
	close(stop)
	e := <-exit
	concludeCommand(ctx, &m, e, limits)
	return m
}

// concludeCommand says how a command ended.
func concludeCommand(ctx context.Context, m *highwater.Measurement, e target.Exit, l target.Limits) {
	if m.Soak != nil && m.Soak.Ended != "" && ctx.Err() == nil {
		e.Stopped = false // it had ended before it was told to
	}
	d := target.Drive{}
	how := commandOutcome(e, nil, d, l)
	m.Values, m.Unsupported = map[string]float64{}, map[string]string{}
	for _, c := range e.Children[:min(mostChildren, len(e.Children))] {
		m.Children = append(m.Children, highwater.ChildProcess{PID: c.PID, Command: c.Command, HighWater: c.HighWater})
	}
	if m.Outcome.Status == highwater.StatusNoStart && e.Err == "" {
		return
	}
	if !e.Stopped || how.Status != highwater.StatusOK {
		m.Outcome = how
	}
	if m.Soak == nil {
		return
	}
	switch {
	case ctx.Err() != nil:
		m.Soak.Ended = errInterrupted.Error()
	case how.Status != highwater.StatusOK:
		m.Soak.Ended = how.Detail
	case !e.Stopped:
		m.Soak.Ended = fmt.Sprintf("the command ended by itself, with status %d", e.Code)
	}
}

// MemoryLimit is the memory in bytes that a process started from here may take, by
// GOMEMLIMIT or the container's limit, the lower one; 0 where there is none.
func MemoryLimit() int64 {
	limit := containerLimit()
	if n, err := highwater.ParseSize(os.Getenv("GOMEMLIMIT")); err == nil && n > 0 && (limit == 0 || n < limit) {
		limit = n
	}
	return limit
}
