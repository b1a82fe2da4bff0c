package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

// LiveRate is the profile rate of a live process, in bytes, where nobody asks for
// another: Go's own, which costs nothing that could be measured.
const LiveRate = 512 << 10

// LiveOptions say how a process is started that is to be looked at.
type LiveOptions struct {
	Options
	Rate   int       // bytes between samples of the heap profile; 0: LiveRate
	Output io.Writer // what the process prints; nil: nowhere
}

// Live is a process that highwater has started with the probe in it, to look at while
// it runs. One goroutine at a time asks it.
type Live struct {
	living *living
	hello  probe.Hello
	early  chan struct{}
	once   sync.Once
	ended  chan struct{} // closed when the process is gone, and outcome is set
	end    highwater.Outcome
	kill   context.CancelFunc
}

// StartLive starts a process of the target and waits until the probe in it has said
// hello. It runs until it ends by itself, or [Live.End].
func StartLive(ctx context.Context, t target.Target, o LiveOptions) (*Live, error) {
	if o.Rate == 0 {
		o.Rate = LiveRate
	}
	limits := target.Limits{MaxMemory: o.MaxMemory}
	if limits.MaxMemory == 0 {
		limits.MaxMemory = DefaultMaxMemory()
	}
	l := &Live{early: make(chan struct{}), ended: make(chan struct{})}
	v := &living{early: l.early, output: o.Output, hello: make(chan probe.Hello, 1), told: make(chan *probe.LiveReading, 1), answers: make(chan struct{}, 1)}
	l.living = v
	alive, kill := context.WithCancel(context.WithoutCancel(ctx))
	l.kill = kill
	go func() {
		defer close(l.ended)
		defer kill()
		defer l.once.Do(func() { close(l.early) })
		h, exit, err := process(alive, job{target: t, pass: highwater.PassLive, rate: o.Rate, live: v}, facts{}, o.Options, limits)
		switch {
		case err != nil:
			l.end = highwater.Outcome{Status: highwater.StatusNoStart, Detail: err.Error()}
		case h.drive != nil:
			l.end = liveOutcome(h, exit, limits)
		default:
			l.end = outcome(h, exit, limits)
		}
	}()
	select {
	case l.hello = <-v.hello:
		return l, nil
	case <-l.ended:
		return nil, fmt.Errorf("%s: %w", t.Info.ID(), l.failure())
	case <-ctx.Done():
		kill()
		<-l.ended
		return nil, ctx.Err()
	}
}

// liveOutcome is how a program ended, whose status says nothing of the measurement.
func liveOutcome(h heard, e target.Exit, l target.Limits) highwater.Outcome {
	o := outcome(h, e, l)
	if o.Status == highwater.StatusExited || o.Status == highwater.StatusOK {
		o.Status, o.Detail = highwater.StatusOK, fmt.Sprintf("exited with status %d", e.Code)
	}
	return o
}

// failure is why the process could not be looked at.
func (l *Live) failure() error {
	detail := l.end.Detail
	if detail == "" {
		detail = "it ended before it could be looked at"
	}
	if l.end.Stderr != "" {
		detail += "; it printed:\n" + l.end.Stderr
	}
	return errors.New(detail)
}

// PID is the process's id, and Go the version that it was built with.
func (l *Live) PID() int   { return l.hello.PID }
func (l *Live) Go() string { return l.hello.Go }

// Ended is closed when the process is gone.
func (l *Live) Ended() <-chan struct{} { return l.ended }

// Outcome says how it ended. It waits for that.
func (l *Live) Outcome() highwater.Outcome {
	<-l.ended
	return l.end
}

// ErrEnded says that the process is gone.
var ErrEnded = errors.New("the process has ended")

// Ask asks the probe for one of the probe.Ask constants of a live process.
func (l *Live) Ask(ctx context.Context, what byte) (*probe.LiveReading, error) {
	v := l.living
	for v.pending > 0 { // the answer to an ask whose context has ended
		select {
		case <-v.told:
		case <-v.answers:
			v.pending--
		case <-l.ended:
			return nil, ErrEnded
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if _, err := v.conn.Write([]byte{what}); err != nil {
		return nil, ErrEnded
	}
	v.pending++
	var r *probe.LiveReading
	for {
		select {
		case r = <-v.told:
		case <-v.answers:
			v.pending--
			if r == nil {
				select { // it was told before
				case r = <-v.told:
				default:
					return nil, errors.New("the probe in the process has no such reading")
				}
			}
			return r, nil
		case <-l.ended:
			return nil, ErrEnded
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// liveGrace is how long a scenario may take to come to the end of its operation.
const liveGrace = 5 * time.Second

// End ends the process: a scenario is asked to come to its end, a program gets SIGTERM.
func (l *Live) End() highwater.Outcome {
	l.once.Do(func() { close(l.early) })
	select {
	case <-l.ended:
	case <-time.After(liveGrace):
		l.kill()
		<-l.ended
	}
	return l.end
}

// living is the connection to a live process. Its methods may be called on nil, for
// other processes.
type living struct {
	early  <-chan struct{}
	output io.Writer

	conn    net.Conn // set before hello
	hello   chan probe.Hello
	told    chan *probe.LiveReading
	answers chan struct{}
	pending int // asks without an answer yet
}

// connected is told when the probe is there, which is asked to end when the user wants
// it.
func (v *living) connected(conn net.Conn) {
	if v == nil {
		return
	}
	v.conn = conn
	go func() {
		<-v.early
		_, _ = conn.Write([]byte{probe.AskEnd}) // one that has ended needs no asking
	}()
}

func (v *living) hear(m probe.Message) {
	if v == nil {
		return
	}
	switch {
	case m.Type == probe.TypeHello && m.Hello != nil:
		select {
		case v.hello <- *m.Hello:
		default:
		}
	case m.Type == probe.TypeLive && m.Live != nil:
		select {
		case <-v.told: // nobody has taken it
		default:
		}
		v.told <- m.Live
	case m.Type == probe.TypeAnswer:
		select {
		case v.answers <- struct{}{}:
		default: // an answer that nobody has asked for
		}
	}
}
