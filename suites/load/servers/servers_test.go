package servers_test

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/load/servers"
)

// heapRecorder reads live memory at every checkpoint, after forced collections,
// as the exact pass does.
type heapRecorder struct {
	exact                      bool
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
	if r.exact {
		r.last = live() - r.base
		r.peak = max(r.peak, r.last)
	}
}

func (r *heapRecorder) LoopStart()    { r.before = allocated() }
func (r *heapRecorder) LoopEnd(int)   { r.alloc = allocated() - r.before }
func (r *heapRecorder) More(int) bool { return false }
func (r *heapRecorder) SteadyEnd()    { r.loop = time.Since(r.begin) }
func (r *heapRecorder) TornDown()     { r.retained = live() - r.base }

// TestSuite runs every scenario over every engine. With -v it logs figures.
func TestSuite(t *testing.T) {
	for _, e := range servers.All() {
		suite := load.Suite(e)
		if err := suite.Validate(); err != nil {
			t.Error(err)
		}
		for _, s := range suite.Scenarios {
			t.Run(s.Name+"@"+e.Name, func(t *testing.T) {
				defer goleak.VerifyNone(t)
				before := descriptors(t)
				natural := execute(t, s, highwater.PassNatural)
				exact := execute(t, s, highwater.PassExact)
				kb := int64(s.Sessions) * 1000
				t.Logf("peak %d KB, end %d KB, retained %d KB a session; the loop allocates %.1f MB; a plain run takes %v",
					exact.peak/kb, exact.last/kb, exact.retained/kb, float64(natural.alloc)/1e6, natural.loop.Round(time.Millisecond))
				if after := descriptors(t); after != before {
					t.Errorf("%d descriptors open, %d before", after, before)
				}
			})
		}
	}
}

func execute(t *testing.T, s highwater.Scenario, pass highwater.Pass) *heapRecorder {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	r := &heapRecorder{exact: pass == highwater.PassExact}
	if err := s.Execute(ctx, pass, r); err != nil {
		t.Fatal(err)
	}
	return r
}

func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc")
	}
	return len(entries)
}
