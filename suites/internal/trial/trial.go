// Package trial runs scenarios inside a test, with a recorder that reads memory as
// the exact pass does. It is for the suites' own tests; users measure with memtest
// or highwater.
package trial

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// Recorder reads live memory, in bytes for the whole process: at checkpoints only
// where Exact is set.
type Recorder struct {
	Exact                bool
	Peak, Last, Retained int64
	Allocated            int64         // by the loop
	Loop                 time.Duration // from the baseline to the end of the body

	base   int64
	before uint64
	begun  time.Time
}

func live() int64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc + s.StackInuse)
}

func allocated() uint64 {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.TotalAlloc
}

// Start and the others are those of highwater.Recorder.
func (r *Recorder) Start() {
	r.base = live()
	r.begun = time.Now()
}

func (r *Recorder) Checkpoint(string, int, bool) {
	if r.Exact {
		r.Last = live() - r.base
		r.Peak = max(r.Peak, r.Last)
	}
}

func (r *Recorder) LoopStart()    { r.before = allocated() }
func (r *Recorder) LoopEnd(int)   { r.Allocated = int64(allocated() - r.before) }
func (r *Recorder) More(int) bool { return false }
func (r *Recorder) SteadyEnd()    { r.Loop = time.Since(r.begun) }
func (r *Recorder) TornDown()     { r.Retained = live() - r.base }

// Figures are what was read, a session and an operation.
func (r *Recorder) Figures(s highwater.Scenario) string {
	info := s.Info()
	kb := func(bytes int64, by int) float64 { return float64(bytes) / 1e3 / float64(by) }
	return fmt.Sprintf("peak %.1f KB, end %.1f KB, retained %.1f KB a session; the loop allocates %.1f KB an operation",
		kb(r.Peak, info.Sessions), kb(r.Last, info.Sessions), kb(r.Retained, info.Sessions), kb(r.Allocated, info.Ops))
}

// Descriptors counts the open descriptors of this process, and skips the test
// where they cannot be counted.
func Descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc")
	}
	return len(entries)
}
