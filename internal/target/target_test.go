package target_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/target"
)

// envMode makes this test binary act as one of the programs of [modes].
const envMode = "HIGHWATER_TARGET_TEST"

// modes are the programs whose behaviour is known: they are what is launched.
// More of them are Linux's own; see modes_linux_test.go.
var modes = map[string]func() int{
	"exit 0": func() int { return 0 },
	"exit 7": func() int { return 7 },
	"panic":  func() int { overflow(); return 0 },
	"hang":   func() int { waitForEver(); return 0 },
	"noise":  noise,
}

// TestMain lets this test binary be the supervisor and the launched program.
func TestMain(m *testing.M) {
	if code, done := target.MaybeSupervise(); done {
		os.Exit(code)
	}
	if mode := os.Getenv(envMode); mode != "" {
		program, ok := modes[mode]
		if !ok {
			panic("no mode " + mode)
		}
		os.Exit(program())
	}
	os.Exit(m.Run())
}

// overflow panics while a thousand goroutines are there, whose stacks are far
// more than what is kept of the standard error.
func overflow() {
	started := make(chan struct{})
	for range 1000 {
		go func() {
			started <- struct{}{}
			select {}
		}()
	}
	for range 1000 {
		<-started
	}
	panic("the buffer is upside down")
}

// waitForEver has an exported channel to wait on, so that the runtime does not
// call it a deadlock.
//
//go:noinline
func waitForEver() {
	<-time.After(10 * time.Minute)
}

func noise() int {
	os.Stderr.WriteString("the first line\n")
	line := strings.Repeat("x", 1023) + "\n"
	for range 4 << 10 {
		os.Stderr.WriteString(line)
	}
	os.Stderr.WriteString("the last line\n")
	return 0
}

// self is this test binary as a program of the given mode.
func self(t *testing.T, mode string, env ...string) (path string, environ []string) {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path, append(append(os.Environ(), envMode+"="+mode), env...)
}

// generous is a deadline that only a hung test reaches.
const generous = time.Minute

func TestExitCode(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]int{"exit 0": 0, "exit 7": 7} {
		path, env := self(t, mode)
		e := target.Launch(t.Context(), path, nil, env, "", target.Limits{Timeout: generous})
		if e.Code != want || e.Signal != "" || e.TimedOut || e.OverLimit != 0 || e.Err != "" || len(e.Orphans) != 0 {
			t.Errorf("%s: got %+v, want code %d and nothing else", mode, e, want)
		}
	}
}

// What a Go program says first is why it ended; the stacks of its goroutines
// must not push that out.
func TestPanicKeepsItsFirstLines(t *testing.T) {
	t.Parallel()
	path, env := self(t, "panic", "GOTRACEBACK=all")
	e := target.Launch(t.Context(), path, nil, env, "", target.Limits{Timeout: generous})
	if e.Code != 2 || e.Err != "" {
		t.Errorf("code %d, error %q; want the status of a panic, 2", e.Code, e.Err)
	}
	if !strings.HasPrefix(e.Stderr, "panic: the buffer is upside down\n") || !strings.Contains(e.Stderr, "target_test.overflow(") {
		t.Errorf("the first lines are not there:\n%.500s", e.Stderr)
	}
	checkStderrSize(t, e.Stderr)
}

func TestNoiseKeepsBothEnds(t *testing.T) {
	t.Parallel()
	path, env := self(t, "noise")
	e := target.Launch(t.Context(), path, nil, env, "", target.Limits{Timeout: generous})
	if e.Code != 0 || e.Err != "" {
		t.Errorf("got %d, %q", e.Code, e.Err)
	}
	if !strings.HasPrefix(e.Stderr, "the first line\n") || !strings.HasSuffix(e.Stderr, "the last line\n") {
		t.Errorf("got %.100q … %q", e.Stderr, e.Stderr[max(0, len(e.Stderr)-100):])
	}
	checkStderrSize(t, e.Stderr)
}

// checkStderrSize holds the kept output to what highwater.Outcome promises.
func checkStderrSize(t *testing.T, s string) {
	t.Helper()
	if len(s) > 8<<10 || len(s) < 7<<10 {
		t.Errorf("%d bytes were kept, want nearly 8 KiB and no more", len(s))
	}
	if !strings.Contains(s, "…") {
		t.Error("nothing shows that some was left out")
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	path, env := self(t, "hang")
	begun := time.Now()
	e := target.Launch(t.Context(), path, nil, env, "", target.Limits{Timeout: 500 * time.Millisecond})
	if !e.TimedOut || e.OverLimit != 0 || e.Err != "" {
		t.Errorf("got %+v, want a time-out", e)
	}
	if spent := time.Since(begun); spent < 500*time.Millisecond || spent > 20*time.Second {
		t.Errorf("it took %s", spent)
	}
	if runtime.GOOS == "linux" { // elsewhere nobody asks for the stacks
		if !strings.Contains(e.Stderr, "SIGQUIT") || !strings.Contains(e.Stderr, "target_test.waitForEver(") {
			t.Errorf("the stacks do not show where it hung:\n%s", e.Stderr)
		}
	}
}

func TestCannotStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("not a program"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"missing": filepath.Join(dir, "missing"), "not executable": plain, "a folder": dir} {
		e := target.Launch(t.Context(), path, nil, os.Environ(), "", target.Limits{Timeout: generous})
		if e.Err == "" || e.Code != -1 || !strings.Contains(e.Err, path) {
			t.Errorf("%s: got %+v, want an error that names the file", name, e)
		}
	}
	path, env := self(t, "exit 0")
	if e := target.Launch(t.Context(), path, nil, env, filepath.Join(dir, "nowhere"), target.Limits{}); e.Err == "" || !strings.Contains(e.Err, "nowhere") {
		t.Errorf("no working directory: got %+v, want an error that names it", e)
	}
}

// A context that has ended already starts nothing that stays.
func TestCancelledBefore(t *testing.T) {
	t.Parallel()
	path, env := self(t, "hang")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	begun := time.Now()
	if e := target.Launch(ctx, path, nil, env, "", target.Limits{Timeout: generous}); e.Code == 0 {
		t.Errorf("got %+v", e)
	}
	if spent := time.Since(begun); spent > 20*time.Second {
		t.Errorf("it took %s to end", spent)
	}
}
