package main_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// screen is what a terminal was sent so far.
type screen struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// keyboard is a highwater on a terminal at which somebody sits.
type keyboard struct {
	t      *testing.T
	f, tty *os.File
	cmd    *exec.Cmd
	out    screen
	before *unix.Termios
}

func sit(t *testing.T, args ...string) *keyboard {
	t.Helper()
	f, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	if err := pty.Setsize(f, &pty.Winsize{Rows: 40, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	k := &keyboard{t: t, f: f, tty: tty, cmd: exec.Command(filepath.Join(bin, "highwater"), args...)}
	k.cmd.Dir = t.TempDir()
	k.cmd.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+t.TempDir(), "TERM=xterm-256color")
	k.cmd.Stdin, k.cmd.Stdout, k.cmd.Stderr = tty, tty, tty
	k.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	k.before = k.modes()
	if err := k.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.cmd.Process.Kill(); _ = f.Close(); _ = tty.Close() })
	go func() { _, _ = io.Copy(&k.out, f) }()
	return k
}

func (k *keyboard) modes() *unix.Termios {
	k.t.Helper()
	m, err := unix.IoctlGetTermios(int(k.tty.Fd()), unix.TCGETS)
	if err != nil {
		k.t.Fatal(err)
	}
	return m
}

// shows waits until the text was sent to the terminal.
func (k *keyboard) shows(text string) {
	k.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if strings.Contains(k.out.String(), text) {
			return
		}
	}
	k.t.Fatalf("%q is not shown:\n%q", text, k.out.String())
}

func (k *keyboard) press(keys string) {
	k.t.Helper()
	if _, err := k.f.WriteString(keys); err != nil {
		k.t.Fatal(err)
	}
}

// ends waits for the end with that status; the terminal is as it was.
func (k *keyboard) ends(status int) {
	k.t.Helper()
	late := time.AfterFunc(time.Minute, func() { _ = k.cmd.Process.Kill() }) // it waits for what nobody types
	_ = k.cmd.Wait()
	late.Stop()
	if got := k.cmd.ProcessState.ExitCode(); got != status {
		k.t.Errorf("status %d, want %d\n%s", got, status, k.out.String())
	}
	if after := k.modes(); after.Lflag != k.before.Lflag || after.Iflag != k.before.Iflag || after.Oflag != k.before.Oflag {
		k.t.Errorf("the terminal was left otherwise: %+v, before %+v", after, k.before)
	}
}

// Of several scenarios one is chosen.
func TestChooseScenario(t *testing.T) {
	args := []string{"profiler", "--scenario", "terminal_operations", "--format", "text", "--interval", "50ms", "--duration", "200ms"}
	k := sit(t, args...)
	k.shows("which one, by its number: ")
	k.shows("  2  terminal_operations/")
	k.press("2\r")
	k.ends(0)
	k.shows("resident")
	k = sit(t, args...)
	k.shows("which one, by its number: ")
	k.press("99\r")
	k.shows("99 is no number from 1 to ")
	k.press("\r")
	k.ends(3)
}

// In the snapshot mode s keeps one at once, no other key does, and Ctrl-C ends; the
// terminal is as it was afterwards.
func TestSnapshotKey(t *testing.T) {
	k := sit(t, "profiler", "--mode", "snapshot", "--duration", "10m", "--", "sleep", "600")
	k.shows("s keeps a snapshot now")
	k.shows(":1  resident")
	k.press("xs")
	k.shows(":2  resident")
	k.press("s")
	k.shows(":3  resident")
	k.press("\x03")
	k.shows("3 snapshots of ")
	k.ends(0)
	if text := k.out.String(); strings.Contains(text, "xs") || strings.Contains(text, ":4  resident") {
		t.Errorf("keys are shown, or another one keeps a snapshot:\n%q", text)
	}
}
