package hosts_test

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/hosts"
)

// heapRecorder reads live memory at every checkpoint, after forced collections,
// as the exact pass does.
type heapRecorder struct {
	base, peak, last, retained int64 // bytes
	before, alloc              uint64
	begin                      time.Time
	loop                       time.Duration // from the baseline to the end of the body
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

func (r *heapRecorder) Start() {
	r.base = live()
	r.begin = time.Now()
}

func (r *heapRecorder) Checkpoint(string, int, bool) {
	r.last = live() - r.base
	r.peak = max(r.peak, r.last)
}

func (r *heapRecorder) LoopStart()    { r.before = allocated() }
func (r *heapRecorder) LoopEnd(int)   { r.alloc = allocated() - r.before }
func (r *heapRecorder) More(int) bool { return false }
func (r *heapRecorder) SteadyEnd()    { r.loop = time.Since(r.begin) }
func (r *heapRecorder) TornDown()     { r.retained = live() - r.base }

// TestSuite runs every scenario over every engine, with -short over the default
// one. With -v it logs figures like those that the documentation gives.
func TestSuite(t *testing.T) {
	if err := hosts.Prepare(t.Context(), func(s string) { t.Log(s) }); err != nil {
		t.Fatal(err)
	}
	engines := hosts.All()
	if testing.Short() {
		engines = engines[:1]
	}
	for _, e := range engines {
		for _, s := range plugin.Suite(e).Scenarios {
			t.Run(s.Name+"@"+e.Name, func(t *testing.T) {
				defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				temp := shortTemp(t)
				before := descriptors(t)
				began := time.Now()
				r := &heapRecorder{}
				if err := s.Execute(ctx, highwater.PassExact, r); err != nil {
					t.Fatal(err)
				}
				t.Logf("peak %.1f KB, end %.1f KB, retained %.1f KB a session; the loop allocates %.1f KB an operation; took %v, %v of it set-up and tear-down",
					kb(r.peak, s), kb(r.last, s), kb(r.retained, s), float64(r.alloc)/1e3/float64(s.Ops),
					time.Since(began).Round(time.Millisecond), (time.Since(began) - r.loop).Round(time.Millisecond))
				if after := descriptors(t); after != before {
					t.Errorf("%d descriptors open, %d before", after, before)
				}
				if left, _ := os.ReadDir(temp); len(left) > 0 {
					t.Errorf("left in the temporary directory: %v", left)
				}
			})
		}
	}
}

// shortTemp gives the test a temporary directory of its own, with a name short
// enough for sockets.
func shortTemp(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "t")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func kb(bytes int64, s highwater.Scenario) float64 {
	return float64(bytes) / 1e3 / float64(s.Sessions)
}

func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc")
	}
	return len(entries)
}
