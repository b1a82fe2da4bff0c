package servers

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

func open(t *testing.T, x *mux) load.Session {
	t.Helper()
	s, err := x.Open(80, 24, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, s load.Session, text string) {
	t.Helper()
	if n, err := s.Write([]byte(text)); err != nil || n != len(text) {
		t.Fatalf("wrote %d of %d bytes: %v", n, len(text), err)
	}
}

// midterm really panics over the input of which ansi_stress says so.
func TestCrashEndsItsSessionOnly(t *testing.T) {
	defer goleak.VerifyNone(t)
	x := newMux(engines.Midterm())
	victim, other := open(t, x), open(t, x)
	write(t, other, "still here")
	write(t, victim, "\x1b[999999999S")
	err := victim.Sync()
	if !errors.Is(err, load.ErrCrashed) || !strings.Contains(err.Error(), "midterm panicked: runtime error: ") {
		t.Fatalf("error %v, want %v", err, load.ErrCrashed)
	}
	if _, again := victim.Write([]byte("x")); !errors.Is(again, load.ErrCrashed) {
		t.Errorf("write after the crash: %v", again)
	}
	if rows := victim.Screen(); rows != nil {
		t.Errorf("the dead session shows %q", rows)
	}
	if err := other.Sync(); err != nil || other.Screen()[0] != "still here" {
		t.Errorf("the other session: %v, %q", err, other.Screen()[0])
	}
	if err := victim.Close(); err != nil {
		t.Error(err)
	}
	if x.Live() != 1 {
		t.Errorf("%d sessions live, want 1", x.Live())
	}
	if err := x.Close(); err != nil || x.Live() != 0 {
		t.Errorf("close: %v, %d sessions live", err, x.Live())
	}
	if _, err := x.Open(80, 24, nil); err == nil {
		t.Error("a closed server opens a session")
	}
}

// slow is a terminal whose Write waits.
type slow struct {
	terminal.Terminal
	release chan struct{}
}

func (s slow) Write(p []byte) (int, error) {
	<-s.release
	return len(p), nil
}

func (slow) Close() error { return nil }

// A program that prints faster than its terminal takes it has to wait, and does
// not fill the memory.
func TestQueueIsBounded(t *testing.T) {
	defer goleak.VerifyNone(t)
	release := make(chan struct{})
	x := newMux(terminal.Engine{Name: "slow", New: func(int, int, int) (terminal.Terminal, error) {
		return slow{release: release}, nil
	}})
	s := open(t, x).(*session)
	var wg sync.WaitGroup
	wg.Go(func() { write(t, s, strings.Repeat("x", 10*queueLimit)) })
	full := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.queue) > queueLimit {
			t.Errorf("%d bytes are waiting, want at most %d", len(s.queue), queueLimit)
		}
		return s.busy && len(s.queue) == queueLimit
	}
	for deadline := time.Now().Add(10 * time.Second); !full(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the queue does not fill")
		}
	}
	close(release)
	wg.Wait()
	if err := s.Sync(); err != nil {
		t.Error(err)
	}
	if err := errors.Join(s.Close(), s.Close(), x.Close()); err != nil {
		t.Error(err)
	}
	if _, err := s.Write([]byte("x")); !errors.Is(err, errClosed) {
		t.Errorf("write after close: %v", err)
	}
}
