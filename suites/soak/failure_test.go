//go:build unix

package soak_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/trial"
	"github.com/highwater-dev/highwater/suites/soak"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

// meddled is a terminal with something done to what it is given.
type meddled struct {
	terminal.Terminal
	write func(to terminal.Terminal, p []byte) (int, error)
}

func (m meddled) Write(p []byte) (int, error) { return m.write(m.Terminal, p) }

type maker = func(cols, rows, scrollback int) (terminal.Terminal, error)

func meddling(inner maker, write func(to terminal.Terminal, p []byte) (int, error)) maker {
	return func(cols, rows, scrollback int) (terminal.Terminal, error) {
		t, err := inner(cols, rows, scrollback)
		return meddled{t, write}, err
	}
}

// after calls do once, when the terminal has been given so many bytes.
func after(inner maker, bytes int, do func()) maker {
	return meddling(inner, func(to terminal.Terminal, p []byte) (int, error) {
		if before := bytes; before > 0 {
			if bytes -= len(p); bytes <= 0 {
				do()
			}
		}
		return to.Write(p)
	})
}

// process is one of the machine's, as /proc has it.
type process struct {
	pid, parent int
	name, dir   string
}

// home reports whether it works below the directory.
func (p process) home(dir string) bool { return strings.HasPrefix(p.dir, dir) }

// processes lists them, and skips the test where they cannot be listed.
func processes(t *testing.T) []process {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		t.Skip("no /proc")
	}
	var all []process
	for _, path := range stats {
		data, _ := os.ReadFile(path) // it may have ended meanwhile
		head, rest, ok := strings.Cut(string(data), ") ")
		if !ok || rest[0] == 'Z' {
			continue
		}
		pid, name, _ := strings.Cut(head, " (")
		p := process{name: name}
		p.pid, _ = strconv.Atoi(pid)
		p.parent, _ = strconv.Atoi(strings.Fields(rest)[1])
		p.dir, _ = os.Readlink(filepath.Join(filepath.Dir(path), "cwd"))
		all = append(all, p)
	}
	return all
}

// signal sends the signal to the program that the scenario has started.
func signal(t *testing.T, name string, s syscall.Signal) func() {
	return func() {
		for _, p := range processes(t) {
			if p.parent == os.Getpid() && p.name == name {
				_ = syscall.Kill(p.pid, s)
				return
			}
		}
		t.Errorf("there is no process %s", name)
	}
}

func TestFailures(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	defer goleak.VerifyNone(t)
	const short = 2 * time.Second
	wrong := errors.New("out of order")
	release := make(chan struct{})
	defer close(release) // before the look at what is left
	for name, c := range map[string]struct {
		scenario string
		patience time.Duration // the usual one where 0
		engine   func(maker) maker
		want     []string
	}{
		"vim is killed": {
			"vim_session", 0,
			func(m maker) maker { return after(m, 20_000, signal(t, "vim", syscall.SIGKILL)) },
			[]string{"vim_session over midterm, round ", "vim (process ", "has ended: signal: killed\nthe screen is:\n  | "},
		},
		"bash is killed": {
			"interactive_shell", 0,
			func(m maker) maker { return after(m, 20_000, signal(t, "bash", syscall.SIGKILL)) },
			[]string{"has ended: signal: killed\nthe screen is:\n  | "},
		},
		"sh is asked to end": {
			"log_streaming", 0,
			func(m maker) maker { return after(m, 20_000, signal(t, "sh", syscall.SIGTERM)) },
			[]string{"waiting for the summary of 200 lines: sh (process ", "has ended: signal: terminated"},
		},
		"vim is stopped": {
			"vim_session", short,
			func(m maker) maker { return after(m, 20_000, signal(t, "vim", syscall.SIGSTOP)) },
			[]string{"has not come within 2s: vim (process ", "is stopped, as by SIGSTOP\nthe screen is:\n  | "},
		},
		"bash is stopped": {
			"interactive_shell", short,
			func(m maker) maker { return after(m, 20_000, signal(t, "bash", syscall.SIGSTOP)) },
			[]string{"has not come within 2s: bash (process ", "is stopped, as by SIGSTOP"},
		},
		"the terminal swaps letters": {
			"vim_session", 0,
			func(m maker) maker {
				return meddling(m, func(to terminal.Terminal, p []byte) (int, error) {
					_, err := to.Write([]byte(strings.ReplaceAll(string(p), "package", "pakcage")))
					return len(p), err
				})
			},
			[]string{`row 1, "  1 package store", is not on the screen where it should be`, "|   1 pakcage store"},
		},
		"the terminal loses lines": {
			"log_streaming", 0,
			func(m maker) maker {
				n := 0 // line feeds: how many come in one write is the machine's affair
				return meddling(m, func(to terminal.Terminal, p []byte) (int, error) {
					kept := make([]byte, 0, len(p))
					for _, b := range p {
						if b == '\n' {
							if n++; n%20 == 0 { // more than one on any screen
								continue
							}
						}
						kept = append(kept, b)
					}
					_, err := to.Write(kept)
					return len(p), err
				})
			},
			[]string{"the end of the log is not on the screen where it should be", "\nthe screen is:\n  | "},
		},
		"the terminal fails": {
			"interactive_shell", 0,
			func(m maker) maker {
				return meddling(m, func(terminal.Terminal, []byte) (int, error) { return 0, wrong })
			},
			[]string{"write to the terminal: out of order"},
		},
		"the terminal hangs": {
			"vim_session", short,
			func(m maker) maker { return after(m, 5_000, func() { <-release }) },
			[]string{"has not come within 2s", "the emulator is still busy with what the program has printed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := soak.Over(engines.Midterm())
			e.New, e.Patience = c.engine(e.New), c.patience
			err := scenario(t, e, c.scenario, 1000).Execute(t.Context(), highwater.PassNatural, &trial.Recorder{})
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want one with %q", err, want)
				}
			}
			nothingLeft(t)
		})
	}
}
