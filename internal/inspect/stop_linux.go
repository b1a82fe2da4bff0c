package inspect

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// stopped is a process that stands still until resume.
//
// Everything that can happen to us must leave it running: resume is deferred, so that
// errors and panics and the end of a context lead there; a timer of ours lets it go on
// when its time is over, whatever the reader is doing; and where we are killed, or
// stopped ourselves, a shell does, in a session of its own, that waits for our end of a
// pipe to close, and for the time to pass. It is started before the process is stopped:
// without it nothing is stopped. Only who kills both at once leaves the process stopped,
// and kill -CONT lets it go on.
//
// It is done with signals rather than with ptrace, which would let it go on by itself
// when we end: to the wait of a parent, which highwater often is, a child stopped by
// ptrace looks as if it had ended.
type stopped struct {
	p      *Process
	before bool // it was stopped already, by somebody else, and stays so
	guard  *guard
	timer  *time.Timer
	late   atomic.Bool // its time was over
	begun  time.Time
	took   time.Duration
	done   bool
}

// stop stops all threads, for at most the time given.
func (p *Process) stop(ctx context.Context, most time.Duration) (*stopped, error) {
	s := &stopped{p: p, begun: time.Now()}
	if p.who == nil {
		return nil, fmt.Errorf("stopping the process: %w", ErrGone)
	}
	if ok, err := p.still(); err != nil || ok {
		s.before = ok
		return s, err
	}
	var err error
	if s.guard, err = watchOver(p.pid, most); err != nil {
		return nil, fmt.Errorf("the process is not stopped, because nothing would let it go on if highwater were killed: %w", err)
	}
	if err := ctx.Err(); err != nil {
		s.guard.end()
		return nil, err
	}
	s.begun = time.Now()
	s.timer = time.AfterFunc(most, func() { s.late.Store(true); _ = p.who.Signal(syscall.SIGCONT) })
	if err := p.who.Signal(syscall.SIGSTOP); err != nil {
		s.resume()
		return nil, fmt.Errorf("stopping the process: %w", cause(err))
	}
	for wait := 50 * time.Microsecond; ; wait = min(2*wait, time.Millisecond) {
		ok, err := p.still()
		switch {
		case err == nil && s.late.Load():
			err = fmt.Errorf("its threads did not come to rest within %v: %w", most, ErrBusy)
		case err == nil:
			err = ctx.Err()
		}
		if err != nil {
			s.resume()
			return nil, err
		}
		if ok {
			return s, nil
		}
		time.Sleep(wait)
	}
}

// still reports whether no thread runs. Once all are stopped there are no new ones.
func (p *Process) still() (bool, error) {
	threads := p.proc.Threads(p.pid)
	stopped := 0
	for _, id := range threads {
		switch p.proc.ThreadState(p.pid, id) {
		case 'T', 't':
			stopped++
		case 0, 'Z', 'X': // it has ended
		default:
			return false, nil
		}
	}
	if stopped == 0 {
		return false, ErrGone
	}
	return true, nil
}

// resume lets the process go on, unless it was somebody else who stopped it. It may be
// called again.
func (s *stopped) resume() {
	if s.done {
		return
	}
	s.done = true
	if !s.before {
		s.timer.Stop()
		_ = s.p.who.Signal(syscall.SIGCONT)
		s.took = time.Since(s.begun)
		s.guard.end()
	}
}

// check says, while it is stopped, whether it still is.
func (s *stopped) check(ctx context.Context) error {
	if s.late.Load() {
		return ErrBusy
	}
	return ctx.Err()
}

// settled says, before resume, whether it has stood still all the time.
func (s *stopped) settled() error {
	ok, err := s.p.still()
	switch {
	case err != nil:
		return err
	case s.late.Load():
		return ErrBusy
	case !ok:
		return errors.New("somebody let the process go on while it was read: try again")
	}
	return nil
}

// guard lets a process go on when we no longer can.
type guard struct {
	cmd *exec.Cmd
	in  interface{ Close() error }
	say func([]byte) (int, error)
}

// watch waits for a line, or for the end of it, or for the time to be over, and ends with
// all that it has started.
const watch = `{ sleep "$2"; kill -CONT "$1"; } & read x || kill -CONT "$1"; kill 0`

func watchOver(pid int, most time.Duration) (*guard, error) {
	seconds := int(most/time.Second) + 2
	cmd := exec.Command("/bin/sh", "-c", watch, "highwater", strconv.Itoa(pid), strconv.Itoa(seconds))
	cmd.Dir, cmd.Env = "/", []string{"PATH=/usr/bin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // what ends our group does not end it
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &guard{cmd, in, in.Write}, nil
}

// end tells it that all is well.
func (g *guard) end() {
	_, _ = g.say([]byte("\n"))
	_ = g.in.Close()
	_ = g.cmd.Wait() // by a signal of its own
}
