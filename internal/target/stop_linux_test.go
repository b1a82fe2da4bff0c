package target_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/target"
)

// stopper closes stop when the process says that it is up.
type stopper struct {
	once sync.Once
	stop chan struct{}
}

func (s *stopper) Write(p []byte) (int, error) {
	s.once.Do(func() { close(s.stop) })
	return len(p), nil
}

// A process that is asked to end may do so in its own way, and is killed when it
// does not.
func TestStop(t *testing.T) {
	for _, c := range []struct {
		name, script string
		grace        time.Duration
		want         target.Exit
	}{
		{"graceful", `trap "exit 7" TERM; echo up; while :; do sleep 0.01; done`, time.Minute, target.Exit{Code: 7, Stopped: true}},
		{"default action", `echo up; exec sleep 600`, time.Minute, target.Exit{Code: -1, Signal: "terminated", Stopped: true}},
		{"deaf", `trap "" TERM; echo up; while :; do sleep 0.01; done`, 50 * time.Millisecond, target.Exit{Code: -1, Signal: "killed", Stopped: true, Forced: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &stopper{stop: make(chan struct{})}
			e := target.Launch(context.Background(), "/bin/sh", []string{"-c", c.script}, os.Environ(), "", target.Limits{
				Timeout: time.Minute, Output: s, Stop: s.stop, Grace: c.grace,
			})
			if e.Code != c.want.Code || e.Signal != c.want.Signal || e.Stopped != c.want.Stopped || e.Forced != c.want.Forced || e.TimedOut {
				t.Errorf("ended as %+v, want %+v", e, c.want)
			}
		})
	}
}
