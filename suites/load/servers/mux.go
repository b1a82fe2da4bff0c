package servers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"

	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/terminal"
)

const (
	// queueLimit bounds what is waiting to be worked off in a session, in bytes:
	// as much as a pseudo-terminal holds.
	queueLimit = 4 << 10
	// scrollback is how many lines a session keeps above its screen.
	scrollback = 1000
)

var errClosed = errors.New("the session is closed")

// mux multiplexes terminal sessions: each has an emulator, a bounded queue of
// output, and a goroutine that works it off. Frames are paced by the client: one
// is drawn when it has seen all of the last one and asks for more, by Sync.
type mux struct {
	engine terminal.Engine

	mu       sync.Mutex
	sessions map[*session]bool
	closed   bool
	frames   []*bytes.Buffer // to draw in, when free
}

func newMux(e terminal.Engine) *mux { return &mux{engine: e, sessions: map[*session]bool{}} }

// Open starts a session.
func (x *mux) Open(cols, rows int, client io.Writer) (load.Session, error) {
	term, err := x.engine.New(cols, rows, scrollback)
	if err != nil {
		return nil, err
	}
	s := &session{mux: x, term: term, client: client, ended: make(chan struct{})}
	s.changed.L = &s.mu
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, errors.Join(errors.New("the server is closed"), term.Close())
	}
	x.sessions[s] = true
	go s.work()
	return s, nil
}

// Live is the number of open sessions.
func (x *mux) Live() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.sessions)
}

// Close ends all sessions that are left.
func (x *mux) Close() error {
	x.mu.Lock()
	x.closed = true
	var left []*session
	for s := range x.sessions {
		left = append(left, s)
	}
	x.mu.Unlock()
	var errs []error
	for _, s := range left {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// session is one terminal with its queue. The emulator is touched by the
// session's goroutine while busy is set, and otherwise by whoever holds mu.
type session struct {
	mux    *mux
	term   terminal.Terminal
	client io.Writer
	ended  chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex
	changed sync.Cond // queue, busy or err has changed
	queue   []byte
	busy    bool
	err     error // why the session takes no more output
}

// work is the session's goroutine.
func (s *session) work() {
	defer close(s.ended)
	var batch []byte // swapped with the queue, so that two buffers do
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		for len(s.queue) == 0 && s.err == nil {
			s.changed.Wait()
		}
		if s.err != nil {
			return
		}
		batch, s.queue = s.queue, batch[:0]
		s.busy = true
		s.changed.Broadcast() // there is room again
		s.mu.Unlock()
		err := s.guard(func() error {
			_, err := s.term.Write(batch)
			return err
		})
		s.mu.Lock()
		s.busy = false
		if s.err == nil {
			s.err = err
		}
		s.changed.Broadcast()
	}
}

// guard lets f do something with the emulator. An emulator that panics ends its
// own session only.
func (s *session) guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %s panicked: %v\n%s", load.ErrCrashed, s.mux.engine.Name, r, debug.Stack())
		}
	}()
	return f()
}

// Write puts output into the queue.
func (s *session) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	written := 0
	for len(p) > 0 {
		for len(s.queue) >= queueLimit && s.err == nil {
			s.changed.Wait()
		}
		if s.err != nil {
			return written, s.err
		}
		n := min(len(p), queueLimit-len(s.queue))
		s.queue = append(s.queue, p[:n]...)
		p = p[n:]
		written += n
		s.changed.Broadcast()
	}
	return written, nil
}

// idle waits until the emulator has nothing to do, and then lets f use it.
func (s *session) idle(f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for (s.busy || len(s.queue) > 0) && s.err == nil {
		s.changed.Wait()
	}
	if s.err != nil {
		return s.err
	}
	err := s.guard(f)
	if errors.Is(err, load.ErrCrashed) {
		s.err = err
		s.changed.Broadcast()
	}
	return err
}

// Resize changes the size, once the output before it has been worked off.
func (s *session) Resize(cols, rows int) error {
	return s.idle(func() error { return s.term.Resize(cols, rows) })
}

// Sync waits until the output has been worked off, and draws a frame.
func (s *session) Sync() error {
	return s.idle(func() error {
		if s.client == nil {
			return nil
		}
		return s.draw()
	})
}

// Screen returns the text on the screen.
func (s *session) Screen() (rows []string) {
	_ = s.idle(func() error {
		rows = s.term.Screen()
		return nil
	}) // a session that has ended shows nothing
	return rows
}

// Scrollback is the number of lines above the screen.
func (s *session) Scrollback() (lines int) {
	_ = s.idle(func() error {
		if kept, ok := s.term.(terminal.Scrollbacker); ok {
			lines = kept.Scrollback()
		}
		return nil
	})
	return lines
}

// ScrollbackLine returns the text of a line above the screen.
func (s *session) ScrollbackLine(i int) (line string) {
	_ = s.idle(func() error {
		if kept, ok := s.term.(terminal.Scrollbacker); ok {
			line = kept.ScrollbackLine(i)
		}
		return nil
	})
	return line
}

// Close ends the session. What is still in the queue is dropped.
func (s *session) Close() error {
	s.mux.mu.Lock()
	open := s.mux.sessions[s]
	delete(s.mux.sessions, s)
	s.mux.mu.Unlock()
	if !open {
		return nil
	}
	s.mu.Lock()
	if s.err == nil {
		s.err = errClosed
	}
	s.changed.Broadcast()
	s.mu.Unlock()
	<-s.ended
	return s.term.Close()
}
