//go:build unix

package tui

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// terminal is a dashboard in a real tmux of its own.
type terminal struct {
	t      *testing.T
	socket string
	pid    string // a file
}

func open(t *testing.T, demo string, w, h int, environ ...string) *terminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	dir := t.TempDir()
	term := &terminal{t, filepath.Join(dir, "s"), filepath.Join(dir, "pid")}
	// What the shell prints afterwards shows whether the terminal is as it was.
	script := `if [ "$LIKE" ]; then TERM=$LIKE; unset COLORTERM TMUX; fi
"$0"; echo "left with $?"; stty -a | tr ' ' '\n' | grep -xE -- '-?(icanon|echo);?'; exec sleep 600`
	args := []string{
		"-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(w), "-y", strconv.Itoa(h), "-e", "HIGHWATER_TUI_DEMO=" + demo,
		"-e", "HIGHWATER_TUI_PID=" + term.pid,
	}
	for _, e := range environ {
		args = append(args, "-e", e)
	}
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", term.socket, "kill-server").Run() })
	term.tmux(append(args, "sh", "-c", script, os.Args[0])...)
	return term
}

func (x *terminal) tmux(args ...string) string {
	x.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-S", x.socket}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		x.t.Fatalf("tmux %s: %v: %s", args, err, out)
	}
	return string(out)
}

func (x *terminal) keys(keys ...string) { x.tmux(append([]string{"send-keys"}, keys...)...) }

// shows waits until all the texts are on the screen.
func (x *terminal) shows(texts ...string) string {
	x.t.Helper()
	screen := ""
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		screen = x.tmux("capture-pane", "-p")
		missing := false
		for _, s := range texts {
			missing = missing || !strings.Contains(screen, s)
		}
		if !missing {
			return screen
		}
	}
	x.t.Fatalf("%q is not on the screen:\n%s", texts, screen)
	return ""
}

// restored fails unless the terminal is as it was before.
func (x *terminal) restored(status int) {
	x.t.Helper()
	x.shows(fmt.Sprintf("left with %d", status), "\nicanon", "\necho")
	if s := strings.TrimSpace(x.tmux("display-message", "-p", "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag}")); s != "0 1 0 1" {
		x.t.Errorf("alternate screen, cursor, mouse, wrapping: %s, want 0 1 0 1", s)
	}
}

func TestTerminal(t *testing.T) {
	x := open(t, "sample", 80, 24)
	x.shows("highwater profiler", "allocation sites, by live bytes", "live, every 250 ms")
	x.keys("Down", "Enter")
	x.shows("stack, innermost first")
	x.keys("Escape")
	x.shows("allocation sites")
	x.keys("Tab")
	x.shows("[2 Processes]")
	x.keys("BTab")
	x.shows("[1 Memory]")
	x.keys("/", "j", "s", "o", "n", "Enter")
	x.shows("(1 of 6)")
	x.keys("3")
	x.tmux("resize-window", "-x", "200", "-y", "60")
	x.shows("the collector's share of CPU time")
	x.tmux("resize-window", "-x", "20", "-y", "5")
	x.shows("too small")
	x.tmux("resize-window", "-x", "80", "-y", "24")
	x.shows("[3 GC]", "only what matches /json")
	x.keys("g")
	x.shows("cannot collect: it is a demonstration")
	x.keys("q")
	x.restored(0)
}

func TestTerminalIsRestored(t *testing.T) {
	t.Run("a signal", func(t *testing.T) {
		x := open(t, "sample", 80, 24)
		x.shows("live, every 250 ms")
		b, err := os.ReadFile(x.pid)
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(string(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		x.restored(0)
	})
	t.Run("a panic", func(t *testing.T) {
		x := open(t, "panic", 80, 24)
		x.restored(1)
	})
	t.Run("a panic while drawing late", func(t *testing.T) {
		x := open(t, "late", 80, 24)
		x.restored(1)
		if all := x.tmux("capture-pane", "-p", "-S", "-"); !strings.Contains(all, "a frame that panics") || !strings.Contains(all, "the dashboard has a bug") {
			t.Error(all)
		}
	})
	t.Run("a hanging look", func(t *testing.T) {
		x := open(t, "hang", 80, 24)
		x.shows("no answer for 3 s")
		x.keys("2")
		x.shows("[2 Processes]")
		x.keys("q")
		x.restored(0)
	})
	t.Run("an end", func(t *testing.T) {
		x := open(t, "end", 80, 24)
		x.shows("ENDED", "ended, last picture: the process has gone: it exited with status 1", "cache.(*Store).Put")
		x.keys("C-c")
		x.restored(0)
	})
}

func TestNoColour(t *testing.T) {
	x := open(t, "sample", 80, 24, "NO_COLOR=1", "TERM=xterm-256color")
	x.shows("live, every 250 ms")
	screen := x.tmux("capture-pane", "-e", "-p")
	// 39 and 49 are the terminal's own colours.
	if c := regexp.MustCompile("\x1b\\[([0-9;]*;)?(3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]").FindString(screen); c != "" {
		t.Errorf("%q under NO_COLOR", c)
	}
	if !strings.Contains(screen, "\x1b[1;7m[1 Memory]") && !strings.Contains(screen, "\x1b[1m\x1b[7m[1 Memory]") {
		t.Errorf("the view that is shown is not marked: %q", screen[:200])
	}
	x.keys("q")
	x.restored(0)
}

func TestFewColours(t *testing.T) {
	x := open(t, "sample", 80, 24, "LIKE=linux")
	x.shows("live, every 250 ms", "┤") // a chart has begun
	screen := x.tmux("capture-pane", "-e", "-p")
	if c := regexp.MustCompile("\x1b\\[([0-9;]*;)?[34]8[;:]").FindString(screen); c != "" {
		t.Errorf("%q on a terminal of 16 colours", c)
	}
	drawn := false
	for line := range strings.Lines(screen) {
		_, chart, is := strings.Cut(strings.ReplaceAll(line, "┤", "│"), "│")
		drawn = drawn || is && strings.ContainsAny(chart, "▀▄█")
	}
	if c := regexp.MustCompile(`[\x{2800}-\x{28ff}]`).FindString(screen); c != "" || !drawn {
		t.Errorf("%q on a console of Linux, a chart %v:\n%s", c, drawn, screen)
	}
	if !strings.Contains(screen, "\x1b[92m") && !strings.Contains(screen, "\x1b[32m") {
		t.Errorf("nothing is green: %q", screen)
	}
	x.keys("q")
	x.restored(0)
}

// The three views as a real terminal has them, with their styles: what Run has brought
// there by pieces, over 120 looks and from one view to the next.
func TestTerminalGoldens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {200, 60}} {
		for back, fgbg := range map[string]string{"dark": "15;0", "light": "0;15"} {
			t.Run(fmt.Sprintf("%dx%d %s", size[0], size[1], back), func(t *testing.T) {
				t.Parallel()
				x := open(t, "still", size[0], size[1], "COLORFGBG="+fgbg)
				x.shows("12:02:01, watched for 2 min") // the last look
				for i, name := range tabNames {
					x.keys(strconv.Itoa(i + 1))
					x.shows("[" + name + "]")
					file := fmt.Sprintf("terminal_%s_%dx%d_%s", strings.ToLower(name[2:]), size[0], size[1], back)
					golden(t, file, x.becomes(file, size[0], size[1]))
				}
				x.keys("q")
				x.restored(0)
			})
		}
	}
}

// becomes is the screen once it is as a golden has it, or after a while: tmux takes a frame
// in pieces.
func (x *terminal) becomes(file string, w, h int) (screen string) {
	want, _ := os.ReadFile(filepath.Join("testdata", file+".txt"))
	patience := 10 * time.Second
	if *update {
		patience = time.Second
	}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if screen = x.styled(w, h); trimmed(screen)+"\n" == string(want) {
			break
		}
	}
	return screen
}

// styled is the screen with its styles, written the same way whatever tmux writes it.
func (x *terminal) styled(w, h int) string {
	e := vt.NewEmulator(w, h)
	for i, l := range strings.Split(strings.TrimSuffix(x.tmux("capture-pane", "-e", "-p"), "\n"), "\n") {
		_, _ = e.WriteString(ansi.CursorPosition(1, i+1) + l)
	}
	return e.Render()
}
