package engines_test

import (
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

func TestByName(t *testing.T) {
	for _, name := range engines.Names() {
		if e, err := engines.ByName(name); err != nil || e.Name != name {
			t.Errorf("ByName(%q) = %q, %v", name, e.Name, err)
		}
	}
	if engines.All()[0].Name != engines.Default {
		t.Errorf("the first engine is %s, not the default", engines.All()[0].Name)
	}
	_, err := engines.ByName("midtrem")
	const want = `unknown terminal engine "midtrem"; did you mean "midterm"? (engines: midterm, vt10x, vaxis, xvt)`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// Every engine: a screen, a frame, lines of scrollback, a query that wants a
// reply, bells, a change of size, and nothing left behind.
func TestAdapters(t *testing.T) {
	for _, e := range engines.All() {
		t.Run(e.Name, func(t *testing.T) {
			defer goleak.VerifyNone(t)
			term, err := e.New(20, 4, 3)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := term.Close(); err != nil {
					t.Error(err)
				}
			}()
			write := func(text string) {
				if n, err := term.Write([]byte(text)); n != len(text) || err != nil {
					t.Fatalf("wrote %d of %d bytes: %v", n, len(text), err)
				}
			}
			for _, word := range strings.Fields("one two three four five six seven") {
				write("\x1b[31m" + word + "\x1b[0m \x1b[48;2;1;2;3mline\x1b[m\r\n")
			}
			write("\x1b[c\x1b[6n\a$ ")
			check := func(what string, got []string, want ...string) {
				if strings.Join(got, "|") != strings.Join(want, "|") {
					t.Errorf("%s: %q, want %q", what, got, want)
				}
			}
			check("screen", term.Screen(), "five line", "six line", "seven line", "$")
			if s, ok := term.(terminal.Scrollbacker); ok {
				var lines []string
				for i := range s.Scrollback() {
					lines = append(lines, s.ScrollbackLine(i))
				}
				check("scrollback", lines, "two line", "three line", "four line")
			}
			if r, ok := term.(terminal.Renderer); ok {
				var frame strings.Builder
				if err := r.Render(&frame); err != nil || !strings.Contains(frame.String(), "\x1b[") || !strings.Contains(frame.String(), "seven") {
					t.Errorf("frame %q, error %v", frame.String(), err)
				}
			}
			if err := term.Resize(30, 6); err != nil {
				t.Fatal(err)
			}
			write("\x1b[2J\x1b[H" + strings.Repeat("x", 25) + "\x1b[6;1Hbottom")
			check("resized", term.Screen(), strings.Repeat("x", 25), "", "", "", "", "bottom")
		})
	}
}
