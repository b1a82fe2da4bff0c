package driver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
)

// brief is a process that is seen as often as it says, and has ended then.
type brief struct {
	attach.Live
	looks int
}

func (b *brief) Look(context.Context, bool) (highwater.Snapshot, error) {
	if b.looks--; b.looks < 0 {
		return highwater.Snapshot{}, fmt.Errorf("pid 1: %w", attach.ErrGone)
	}
	return highwater.Snapshot{}, nil
}

func TestEndedEarly(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, c := range []struct {
		name          string
		looks         int
		printed, want string
		how           string
	}{
		{"silently", 0, "", "the program ended before it could be looked at: exited with status 1; it printed nothing", "exited with status 1"},
		{"with a reason", 0, "begins\nbind: in use\n\n", "the program ended before it could be looked at: exited with status 1; what it printed last: bind: in use; all that it printed is in FILE", "exited with status 1"},
		{"told already", 0, "panic: no\n", "the program ended before it could be looked at: panic: no (main.go:3); all that it printed is in FILE", "panic: no (main.go:3)"},
		{"with a long output", 0, strings.Repeat("much\n", mostLast) + "no disk\n", "the program ended before it could be looked at: exited with status 1; what it printed last: no disk; all that it printed is in FILE", "exited with status 1"},
		{"after a look", 1, "bind: in use\n", "pid 1: the process has ended", "exited with status 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			output, err := newOutputFile()
			if err != nil {
				t.Fatal(err)
			}
			defer os.Remove(output.Name())
			defer output.close(false)
			_, _ = output.Write([]byte(c.printed))
			l := &looked{Live: &brief{looks: c.looks}, how: func() string { return c.how }, output: output}
			for err == nil {
				_, err = l.Look(t.Context(), false)
			}
			want := strings.ReplaceAll(c.want, "FILE", output.Name())
			if err.Error() != want || !errors.Is(err, attach.ErrGone) {
				t.Errorf("%v\nwant %s", err, want)
			}
		})
	}
}

func TestLastWords(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "\n \n": "", "a\nb\n": "b", "a\nb": "b",
		"begins\npanic: no\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:3 +0x1d\nexit status 2\n": "panic: no",
		"fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select]:\n":              "fatal error: all goroutines are asleep - deadlock!",
	} {
		if got := lastWords(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
