package attach

import (
	"context"
	"errors"
	"os"
	"testing"
)

func TestLiveTree(t *testing.T) {
	cmd, _, end := start(t, "parent")
	for _, itself := range []bool{true, false} {
		l, err := LiveTree(cmd.Process.Pid, itself)
		if err != nil {
			t.Fatal(err)
		}
		s := look(t, l, false)
		want := 2
		if itself {
			want = 3
		}
		if supervisor := s.PID != cmd.Process.Pid; supervisor == itself || s.PID != 0 && !itself {
			t.Errorf("itself %v, and the process is %d", itself, s.PID)
		}
		if s.Memory.RSS < 2*heldBytes || s.Memory.RSS > 2*heldBytes+64<<20 || len(s.Processes) != want || s.Threads < 2*heldThreads || s.FDs["file"] < 2*heldFiles {
			t.Errorf("%+v, %d threads, %v, %+v", s.Memory, s.Threads, s.FDs, s.Processes)
		}
		if !itself {
			end()
			within(t, "the end", func() bool { _, err := l.Look(t.Context(), false); return errors.Is(err, ErrGone) })
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	self, err := LivePID(os.Getpid(), PIDOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := self.Look(ended, false); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
