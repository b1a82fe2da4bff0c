package load_test

import (
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/load/servers"
)

// recorder asks for a number of operations more than the scenario's own, and
// counts calls.
type recorder struct {
	extra                  int
	started, marks, steady int
	sessions               []int
}

func (r *recorder) Start()            { r.started++ }
func (r *recorder) LoopStart()        {}
func (r *recorder) LoopEnd(int)       {}
func (r *recorder) SteadyEnd()        {}
func (r *recorder) TornDown()         {}
func (r *recorder) More(ops int) bool { r.extra--; return r.extra >= 0 }
func (r *recorder) Sessions(n int)    { r.sessions = append(r.sessions, n) }

func (r *recorder) Checkpoint(_ string, _ int, steady bool) {
	r.marks++
	if steady {
		r.steady++
	}
}

func scenario(t *testing.T, e load.Engine, name string) highwater.Scenario {
	t.Helper()
	for _, s := range load.Suite(e).Scenarios {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no scenario %s", name)
	return highwater.Scenario{}
}

// wrapped is the multiplexer with something changed about its sessions.
func wrapped(change func(load.Session) load.Session) load.Engine {
	return served(func(s load.Server) load.Server { return server{s, change} })
}

// served is the multiplexer with something changed about it.
func served(change func(load.Server) load.Server) load.Engine {
	e := servers.Mux()
	inner := e.New
	e.New = func() (load.Server, error) {
		s, err := inner()
		return change(s), err
	}
	e.Patience = 500 * time.Millisecond
	return e
}

type server struct {
	load.Server
	change func(load.Session) load.Session
}

func (s server) Open(cols, rows int, client io.Writer) (load.Session, error) {
	inner, err := s.Server.Open(cols, rows, client)
	if err != nil {
		return nil, err
	}
	return s.change(inner), nil
}

// dropping loses every 50th write of all sessions.
type dropping struct {
	load.Session
	writes *atomic.Int64
}

func (d dropping) Write(p []byte) (int, error) {
	if d.writes.Add(1)%50 == 0 {
		return len(p), nil
	}
	return d.Session.Write(p)
}

// swapped gives one write in 50 to another session.
type swapped struct {
	load.Session
	all *swappedSessions
}

type swappedSessions struct {
	mu       sync.Mutex
	sessions []load.Session
	writes   int
}

func (s swapped) Write(p []byte) (int, error) {
	s.all.mu.Lock()
	defer s.all.mu.Unlock()
	s.all.writes++
	if s.all.writes%50 == 0 {
		return s.all.sessions[s.all.writes%len(s.all.sessions)].Write(p)
	}
	return s.Session.Write(p)
}

// halting stops to make progress after some calls.
type halting struct {
	load.Session
	left    int
	release chan struct{}
}

func (h *halting) Sync() error {
	if h.left--; h.left < 0 {
		<-h.release
	}
	return h.Session.Sync()
}

// failing does all that it is asked to but one thing.
type failing struct {
	load.Session
	resize, sync, close error
}

func (f failing) Resize(cols, rows int) error {
	return errors.Join(f.resize, f.Session.Resize(cols, rows))
}
func (f failing) Sync() error  { return errors.Join(f.sync, f.Session.Sync()) }
func (f failing) Close() error { return errors.Join(f.close, f.Session.Close()) }

type short struct{ load.Session }

func (s short) Write(p []byte) (int, error) { return len(p) / 2, nil }

// boastful says that it keeps lines which it does not.
type boastful struct{ load.Session }

func (boastful) Scrollback() int             { return 5 }
func (boastful) ScrollbackLine(i int) string { return "" }

// miscounting does not notice that sessions end.
type miscounting struct {
	load.Server
	opened *atomic.Int64
}

func (m miscounting) Open(cols, rows int, client io.Writer) (load.Session, error) {
	m.opened.Add(1)
	return m.Server.Open(cols, rows, client)
}
func (m miscounting) Live() int { return int(m.opened.Load()) }

// doomed loses all sessions with the first that crashes.
type doomed struct {
	load.Session
	dead *atomic.Bool
}

func (d doomed) Resize(cols, rows int) error {
	err := d.Session.Resize(cols, rows)
	if errors.Is(err, load.ErrCrashed) {
		d.dead.Store(true)
	}
	return err
}

func (d doomed) Sync() error {
	if d.dead.Load() {
		return errors.New("the server has gone")
	}
	return d.Session.Sync()
}

func TestDishonestServersFail(t *testing.T) {
	release := make(chan struct{})
	all := &swappedSessions{}
	for name, c := range map[string]struct {
		scenario string
		engine   load.Engine
		want     string
	}{
		"drops output": {
			"high_frequency_updates",
			wrapped(func(s load.Session) load.Session { return dropping{s, new(atomic.Int64)} }),
			"updates is wrong: ",
		},
		"mixes sessions up": {
			"session_churn",
			wrapped(func(s load.Session) load.Session {
				all.mu.Lock()
				defer all.mu.Unlock()
				all.sessions = append(all.sessions, s)
				return swapped{s, all}
			}),
			"updates is wrong: ",
		},
		"stops making progress": {
			"mixed_stress",
			wrapped(func(s load.Session) load.Session { return &halting{s, 3, release} }),
			"no progress for 500ms, and ",
		},
		"sends the client nothing": {
			"high_frequency_updates",
			served(func(s load.Server) load.Server { return blind{s} }),
			"session 0: the client was sent nothing for updates 4 to 7",
		},
		"writes half": {
			"mixed_stress",
			wrapped(func(s load.Session) load.Session { return short{s} }),
			"short write",
		},
		"does not resize": {
			"mixed_stress",
			wrapped(func(s load.Session) load.Session { return failing{Session: s, resize: errors.New("no such size")} }),
			"resize to 132x43: no such size",
		},
		"does not close": {
			"session_churn",
			wrapped(func(s load.Session) load.Session { return failing{Session: s, close: errors.New("busy")} }),
			"session 0: close: busy",
		},
		"keeps other lines": {
			"session_churn",
			wrapped(func(s load.Session) load.Session { return boastful{s} }),
			"5 lines kept, and only 0 have left the screen",
		},
		"does not notice the end of a session": {
			"session_churn",
			served(func(s load.Server) load.Server { return miscounting{s, new(atomic.Int64)} }),
			"the server says that 50 sessions are live, want 40",
		},
		"dies of a session": {
			"ansi_stress",
			func() load.Engine {
				dead := new(atomic.Bool)
				return wrapped(func(s load.Session) load.Session { return doomed{s, dead} })
			}(),
			"the server has gone",
		},
		"crashes of what must be survived": {
			"ansi_stress",
			wrapped(func(s load.Session) load.Session { return failing{Session: s, resize: load.ErrCrashed} }),
			"session 0: thousands of short SGR sequences: resize: the session has crashed",
		},
		"cannot start": {
			"session_churn",
			load.Engine{Name: "none", New: func() (load.Server, error) { return nil, errors.New("no licence") }},
			"none: starting the server: no licence",
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := scenario(t, c.engine, c.scenario).Execute(t.Context(), highwater.PassNatural, &recorder{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
	close(release)
	goleak.VerifyNone(t)
}

// blind has clients that it never draws for.
type blind struct{ load.Server }

func (b blind) Open(cols, rows int, _ io.Writer) (load.Session, error) {
	return b.Server.Open(cols, rows, nil)
}

func (b blind) Live() int { return b.Server.(load.Counter).Live() }
