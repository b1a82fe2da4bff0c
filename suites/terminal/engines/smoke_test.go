package engines_test

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestBasics(t *testing.T) {
	for _, e := range engines.All() {
		t.Run(e.Name, func(t *testing.T) {
			defer goleak.VerifyNone(t)
			term, err := e.New(20, 4, 10)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := term.Close(); err != nil {
					t.Error(err)
				}
			}()
			start := time.Now()
			for i := range 30 {
				if _, err := term.Write([]byte("\x1b[31mline \x1b[0m" + strings.Repeat("x", i%10) + "\r\n")); err != nil {
					t.Fatal(err)
				}
			}
			_, _ = term.Write([]byte("\x1b[c\x1b[6n$ "))
			t.Logf("%q in %v", term.Screen(), time.Since(start))
			if r, ok := term.(terminal.Renderer); ok {
				var b strings.Builder
				if err := r.Render(&b); err != nil {
					t.Error(err)
				}
				t.Logf("%q", b.String())
			}
			if s, ok := term.(terminal.Scrollbacker); ok {
				t.Logf("%d lines, %q", s.Scrollback(), s.ScrollbackLine(0))
			}
		})
	}
}
