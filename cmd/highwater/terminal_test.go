package main_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// onTerminal runs badsuite with its standard streams on a pseudo-terminal and
// returns what a terminal would be sent.
func onTerminal(t *testing.T, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, "badsuite"), args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "HIGHWATER_STATE_DIR="+t.TempDir(), "TERM=xterm-256color", "NO_COLOR=")
	cmd.Env = append(cmd.Env, env...)
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 100})
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	defer f.Close()
	var out bytes.Buffer
	_, _ = io.Copy(&out, f) // ends with an error when the process has closed its side
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return out.String()
}

func TestOnTerminal(t *testing.T) {
	const clear, colour = "\r\x1b[K", "\x1b[3"
	gates := []string{"gates", "--scenario", "bad/good"}

	out := onTerminal(t, nil, gates...)
	if !strings.Contains(out, clear+"measuring 1/") {
		t.Errorf("no progress on a terminal:\n%q", out)
	}
	if last := strings.LastIndex(out, "measuring"); !strings.Contains(out[last:], clear) {
		t.Errorf("the progress line is not taken away:\n%q", out)
	}
	report := out[strings.LastIndex(out, clear)+len(clear):]
	if !strings.Contains(report, colour) {
		t.Errorf("no colour on a terminal:\n%q", report)
	}

	out = onTerminal(t, []string{"NO_COLOR=1"}, gates...)
	if report := out[strings.LastIndex(out, clear)+len(clear):]; strings.Contains(report, "\x1b[") {
		t.Errorf("escape sequences in the report in spite of NO_COLOR:\n%q", report)
	}

	out = onTerminal(t, nil, append(gates, "--quiet")...)
	if strings.Contains(out, "measuring") {
		t.Errorf("progress in spite of --quiet:\n%q", out)
	}
}
