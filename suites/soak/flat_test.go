//go:build unix

package soak_test

import (
	"runtime"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/trial"
	"github.com/highwater-dev/highwater/suites/soak"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

// course is a recorder that keeps the live memory at every checkpoint, in bytes.
type course struct {
	trial.Recorder
	live []int64
}

func (c *course) Checkpoint(string, int, bool) {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	c.live = append(c.live, int64(s.HeapAlloc))
}

// An engine that keeps little stays flat under a live vim. The alternate screen of
// xvt hides a scrollback of 10,000 lines: what it keeps of every round is known to
// be hundreds of kilobytes.
func TestLiveHeap(t *testing.T) {
	if testing.Short() {
		t.Skip("minutes on a busy machine")
	}
	const rounds, first = 24, 12
	for _, c := range []struct {
		engine      terminal.Engine
		least, most int64 // growth, bytes a round
	}{
		{engines.Midterm(), -4 << 10, 4 << 10},
		{engines.VT10x(), -4 << 10, 4 << 10},
		{engines.XVT(), 100 << 10, 2 << 20},
	} {
		t.Run(c.engine.Name, func(t *testing.T) {
			r := &course{}
			s := scenario(t, soak.Over(c.engine), "vim_session", rounds)
			if err := s.Execute(t.Context(), highwater.PassNatural, r); err != nil {
				t.Fatal(err)
			}
			// A checkpoint every two rounds, and all sizes of the window in every four.
			warm, end := r.live[first/2-1], r.live[rounds/2-1]
			growth := (end - warm) / (rounds - first)
			t.Logf("%d bytes after %d rounds, %d after %d: %d a round", warm, first, end, rounds, growth)
			if growth < c.least || growth > c.most {
				t.Errorf("%d bytes a round, want %d to %d; all: %d", growth, c.least, c.most, r.live)
			}
		})
	}
}
