package measure

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

// SoakOptions say how long to look at a process, and how often.
type SoakOptions struct {
	Options
	Duration, Interval time.Duration
	// Profiles says that a heap profile of every tenth of the time is kept in Dir.
	Profiles bool

	// Checkpoint is given what there is so far after each checkpoint. No two calls
	// are made at once.
	Checkpoint func(highwater.Measurement)
	// Ending, where it is set, is asked once, when the time is nearly over and the process
	// with the probe in it is still there: who holds what has grown. What it answers is kept.
	Ending func(ctx context.Context, pid int, s *highwater.Soak) *highwater.Held
}

// soakRate is the profile rate of a soak, in bytes: fine enough to see 32 KB grow at
// a site within a percent.
const soakRate = 4096

// soakGrace is how long a process may take to come to the end of its operation, and
// to give back what it holds, when the soak is over.
const soakGrace = 30 * time.Second

// errInterrupted says that the user has ended a soak.
var errInterrupted = errors.New("interrupted")

// Soak runs a process of the target, with a probe in it, until the duration is over
// or ctx ends, and reads it at checkpoints. When ctx ends the process is asked to
// come to its end in order. What was gathered is in the measurement in any case; its
// outcome says whether the process ended as it should.
func Soak(ctx context.Context, t target.Target, o SoakOptions) highwater.Measurement {
	m := highwater.Measurement{
		Scenario: t.Info.ID(), Pass: highwater.PassSoak, Started: time.Now().UTC().Truncate(time.Millisecond),
		Outcome: highwater.Outcome{Status: highwater.StatusExited, Detail: "highwater itself ended before the soak did"},
	}
	begun := time.Now()
	limits := target.Limits{Timeout: o.Duration + max(o.Timeout, DefaultTimeout), MaxMemory: o.MaxMemory}
	if limits.MaxMemory == 0 {
		limits.MaxMemory = DefaultMaxMemory()
	}
	s := &soaking{scenario: t.Info.ID(), whole: t.Program || t.Bench, options: o, recorder: NewSoakRecorder(highwater.SourceProbe, o.Interval, o.Duration), early: ctx.Done(), over: make(chan struct{})}
	s.tell = func() {
		m.Duration, m.Soak = time.Since(begun), s.soak()
		o.Checkpoint(m)
	}
	defer close(s.over)
	// The process outlives ctx for as long as it takes to end in order.
	alive, kill := context.WithCancelCause(context.WithoutCancel(ctx))
	defer kill(nil)
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(soakGrace):
			kill(errInterrupted)
		case <-s.over:
		}
	})
	defer stop()
	h, exit, err := process(alive, job{target: t, pass: highwater.PassSoak, rate: soakRate, soak: s}, facts{}, o.Options, limits)
	m.Duration, m.Soak = time.Since(begun), s.soak()
	if err != nil {
		m.Outcome = highwater.Outcome{Status: highwater.StatusNoStart, Detail: err.Error()}
		return m
	}
	m.Outcome = outcome(h, exit, limits)
	if h.drive != nil {
		m.Outcome = h.drive.outcome(h, exit, limits)
	}
	s.conclude(ctx, &m, h, exit)
	return m
}

// soaking is a soak under way. Its methods may be called on nil, for processes that
// are none.
type soaking struct {
	options  SoakOptions
	recorder *SoakRecorder
	early    <-chan struct{} // closed when the user ends it
	over     chan struct{}   // closed when all has ended
	tell     func()

	groups  []highwater.GoroutineSeries // as of the last look
	blocked []highwater.Leftover
	profile bool // the build has the runtime's leak profile
	lacks   map[highwater.Quantity]string

	pid  int // of the process, once the probe has told it
	held *highwater.Held

	whole       bool  // the process as a whole counts, and nothing is taken off
	baseline    int64 // live before the scenario
	scenario    string
	profiles    []string // kept so far
	nextProfile time.Duration
	notes       []string
}

// connected is told when the probe is there, which is asked to end when the user
// wants it.
func (s *soaking) connected(conn net.Conn, d *drive) {
	if s == nil || d != nil { // a program is asked by its drive
		return
	}
	go func() {
		select {
		case <-s.early:
			_, _ = conn.Write([]byte{probe.AskEnd}) // one that has ended needs no asking
		case <-s.over:
		}
	}()
}

// hear takes a checkpoint.
func (s *soaking) hear(m probe.Message) {
	if s == nil {
		return
	}
	switch {
	case m.Type == probe.TypeHello && m.Hello != nil:
		s.pid = m.Hello.PID
	case m.Type == probe.TypeBaseline: // the set-up may begin anew
		s.recorder = NewSoakRecorder(highwater.SourceProbe, s.options.Interval, s.options.Duration)
		if m.Baseline != nil && !s.whole {
			s.baseline = m.Baseline.Live()
		}
	case m.Type == probe.TypeSoak && m.Soak != nil:
		s.add(m.Soak)
		s.ending(time.Duration(m.Soak.At))
		s.tell()
	}
}

// ending asks who holds what has grown, at a checkpoint after which there is hardly time
// for another one, or when the user has ended the soak.
func (s *soaking) ending(at time.Duration) {
	if s.options.Ending == nil || s.held != nil {
		return
	}
	select {
	case <-s.early:
	default:
		if at < s.options.Duration-s.options.Interval*3/2 {
			return
		}
	}
	s.held = s.options.Ending(context.Background(), s.pid, s.soak())
}

// soak is all so far.
func (s *soaking) soak() *highwater.Soak {
	k := s.recorder.Soak()
	k.Rate, k.Lacks, k.Blocked, k.LeakProfile = soakRate, s.lacks, s.blocked, s.profile
	k.Profiles, k.Baseline, k.Held = slices.Clone(s.profiles), s.baseline, s.held
	return &k
}

// conclude fills in what is known when the process has ended.
func (s *soaking) conclude(ctx context.Context, m *highwater.Measurement, h heard, e target.Exit) {
	m.Notes = append(h.notes, s.notes...)
	for _, c := range e.Children {
		m.Children = append(m.Children, highwater.ChildProcess{PID: c.PID, Command: c.Command, HighWater: c.HighWater})
	}
	if s.options.Ending != nil && m.Soak.Held == nil {
		m.Soak.Held = &highwater.Held{Reason: "the process ended before its last checkpoint, at which it would have been asked"}
	}
	m.Values, m.Unsupported = map[string]float64{}, map[string]string{}
	switch {
	case h.tornDown != nil:
		fillLeftovers(m, h.tornDown, e)
	case len(e.Orphans) > 0:
		fillOrphans(m, e)
	}
	if h.drive != nil {
		h.drive.noteEnd(m, e)
	}
	switch {
	case ctx.Err() != nil:
		m.Soak.Ended = errInterrupted.Error()
		// The end was forced when it did not come in time: what was gathered counts.
		if m.Outcome.Status != highwater.StatusOK && len(m.Soak.Points) > 0 && m.Outcome.Status != highwater.StatusPanicked {
			m.Notes = append(m.Notes, fmt.Sprintf("it did not come to its end in %v, and was ended", soakGrace))
			m.Outcome = highwater.Outcome{Status: highwater.StatusOK}
		}
	case m.Outcome.Status != highwater.StatusOK:
		m.Soak.Ended = m.Outcome.Detail
	case h.drive != nil && !e.Stopped:
		m.Soak.Ended = fmt.Sprintf("the program ended by itself, with status %d", e.Code)
	}
}
