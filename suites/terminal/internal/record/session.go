//go:build linux

package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"

	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
	"github.com/highwater-dev/highwater/suites/terminal/internal/asciicast"
)

// patience is how long a program may take to show what is expected of it.
const patience = 20 * time.Second

// session is a program at work in a pseudo-terminal, with an emulated screen.
// The first error is kept, and all that follows it does nothing.
type session struct {
	pty   *os.File
	group int // the program's process group
	start time.Time
	news  chan struct{} // has room for one: there has been output

	mu      sync.Mutex
	screen  terminal.Terminal
	cast    *asciicast.Writer
	printed int
	err     error
	steps   int
}

func (p program) record(home, path string, cols, rows int) (printed int, err error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	// The compressed file holds no name and no time, so that the same recording
	// gives the same bytes.
	zip, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	s := &session{start: time.Now(), news: make(chan struct{}, 1)}
	if s.cast, err = asciicast.NewWriter(zip, p.name, cols, rows); err != nil {
		return 0, err
	}
	engine, err := engines.ByName("xvt")
	if err != nil {
		return 0, err
	}
	if s.screen, err = engine.New(cols, rows, 0); err != nil {
		return 0, err
	}
	defer s.screen.Close()
	if err := s.run(p, home, cols, rows); err != nil {
		return 0, err
	}
	return s.printed, errors.Join(zip.Close(), file.Close())
}

// isolate is a shell script that runs in the new namespaces, with the directory
// that is to be /home/user as $0 and the program's command line as $@.
const isolate = `set -e
hostname box
mount -t tmpfs home /home
mkdir /home/user
mount --bind "$0" /home/user
cd /home/user
exec "$@"`

// run starts the program in namespaces of its own, types, and waits for its end.
func (s *session) run(p program, home string, cols, rows int) error {
	inner := append([]string{
		"--kill-child", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--uts",
		"sh", "-c", isolate, home,
	}, p.command...)
	cmd := exec.Command("unshare", inner...)
	cmd.Env = []string{
		"HOME=/home/user", "PATH=/usr/bin:/bin", "TERM=xterm-256color", "LANG=C.UTF-8", "PS1=$ ", "TZ=UTC", "USER=user",
		"LESSHISTFILE=-", "HISTFILE=", "NCURSES_NO_UTF8_ACS=1", "SHELL=/bin/sh",
	}
	var err error
	s.pty, err = pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)})
	if err != nil {
		return err
	}
	defer s.pty.Close()
	s.group = cmd.Process.Pid // the pseudo-terminal is its session's
	read := make(chan struct{})
	go func() {
		defer close(read)
		s.read()
	}()
	p.drive(s, cols, rows)
	s.mu.Lock()
	failed := s.err
	s.mu.Unlock()
	if failed != nil {
		_ = cmd.Process.Kill() // unshare takes the program with it
	}
	hung := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer hung.Stop()
	err = cmd.Wait()
	select {
	case <-read:
	case <-time.After(patience):
		_ = s.pty.Close() // something that the program has started holds it open
		<-read
	}
	return errors.Join(failed, err)
}

// read takes the program's output until its end, which a pseudo-terminal
// reports as an input/output error.
func (s *session) read() {
	buf := make([]byte, 32<<10)
	for {
		n, err := s.pty.Read(buf)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.printed += n
		s.fail(s.cast.Output(time.Since(s.start).Seconds(), buf[:n]))
		_, err = s.screen.Write(buf[:n])
		s.fail(err)
		s.mu.Unlock()
		select {
		case s.news <- struct{}{}:
		default:
		}
	}
}

// fail keeps the first error. The caller holds the lock.
func (s *session) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// keys types.
func (s *session) keys(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		_, err := s.pty.WriteString(text)
		s.fail(err)
	}
}

// expect waits until want is somewhere on the screen.
func (s *session) expect(want string) {
	s.await("shows "+want, func(rows []string) bool {
		for _, row := range rows {
			if strings.Contains(row, want) {
				return true
			}
		}
		return false
	})
}

// expectNudging is expect for a change of size, which a program may need to be
// reminded of: it signals it and types the key every second until it shows.
func (s *session) expectNudging(want, key string) {
	nudge := time.NewTicker(time.Second)
	done := make(chan struct{})
	go func() {
		defer nudge.Stop()
		for {
			select {
			case <-nudge.C:
				s.keys(key)
				_ = syscall.Kill(-s.group, syscall.SIGWINCH)
			case <-done:
				return
			}
		}
	}()
	s.expect(want)
	close(done)
}

// gone waits until text is nowhere on the screen.
func (s *session) gone(text string) {
	s.await("no longer shows "+text, func(rows []string) bool {
		return !strings.Contains(strings.Join(rows, "\n"), text)
	})
}

// changed types and waits until the screen is another one.
func (s *session) changed(keys string) {
	s.mu.Lock()
	before := strings.Join(s.screen.Screen(), "\n")
	s.mu.Unlock()
	s.keys(keys)
	s.await("changes", func(rows []string) bool { return strings.Join(rows, "\n") != before })
}

// typed types and waits until the program has printed something.
func (s *session) typed(keys string) {
	s.mu.Lock()
	before := s.printed
	s.mu.Unlock()
	s.keys(keys)
	s.await("is drawn on", func([]string) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.printed > before
	})
}

func (s *session) await(what string, done func(rows []string) bool) {
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		s.mu.Lock()
		failed, rows := s.err, s.screen.Screen()
		s.mu.Unlock()
		if failed != nil || done(rows) {
			return
		}
		select {
		case <-s.news:
		case <-deadline.C:
			s.mu.Lock()
			s.fail(fmt.Errorf("waited %v for a screen that %s; it is\n%s", patience, what, strings.Join(rows, "\n")))
			s.mu.Unlock()
			return
		}
	}
}

// mark labels this moment in the recording.
func (s *session) mark(label string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail(s.cast.Marker(time.Since(s.start).Seconds(), label))
}

// resize changes the size of the terminal; the kernel tells the program.
func (s *session) resize(cols, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail(s.cast.Resize(time.Since(s.start).Seconds(), cols, rows))
	s.fail(s.screen.Resize(cols, rows))
	s.fail(pty.Setsize(s.pty, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}))
}
