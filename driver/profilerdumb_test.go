package driver

import (
	"bytes"
	"io"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// A terminal that is dumb, or that nobody has named, is sent text.
func TestDumbTerminal(t *testing.T) {
	if canDraw("linux", "") || !canDraw("windows", "") {
		t.Error("on Windows no terminal has a name, and all can")
	}
	if runtime.GOOS != "linux" {
		t.Skip("processes are looked at on Linux")
	}
	sleeps := exec.Command("sleep", "60")
	if err := sleeps.Start(); err != nil {
		t.Skipf("no sleep: %v", err)
	}
	defer func() { _ = sleeps.Process.Kill(); _ = sleeps.Wait() }()
	for _, c := range []struct {
		term string
		args []string
		text bool
	}{
		{"dumb", nil, true},
		{"", nil, true},
		{"xterm-256color", nil, false},
		{"dumb", []string{"--format", "dashboard"}, false},
	} {
		t.Run(c.term+strings.Join(c.args, " "), func(t *testing.T) {
			t.Setenv("TERM", c.term)
			ours, theirs, err := pty.Open()
			if err != nil {
				t.Skipf("no pseudo-terminal: %v", err)
			}
			defer ours.Close()
			_ = pty.Setsize(theirs, &pty.Winsize{Rows: 40, Cols: 100})
			shown := make(chan string)
			go func() {
				var all bytes.Buffer
				_, _ = io.Copy(&all, ours) // ends with an error when the other side is closed
				shown <- all.String()
			}()
			var errs bytes.Buffer
			args := append([]string{"profiler", "--pid", strconv.Itoa(sleeps.Process.Pid), "--duration", "300ms"}, c.args...)
			code := run(t.Context(), Config{Args: args, Stdin: theirs, Stdout: theirs, Stderr: &errs}.withDefaults())
			_ = theirs.Close()
			out := <-shown
			if code != 0 {
				t.Fatalf("status %d: %s", code, errs.String())
			}
			if drawn := strings.Contains(out, "\x1b["); drawn == c.text || c.text && !strings.Contains(out, "resident ") {
				t.Errorf("text %t: %q", c.text, out)
			}
		})
	}
}
