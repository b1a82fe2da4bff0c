package engines_test

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/terminal"
	"github.com/highwater-dev/highwater/suites/terminal/engines"
)

// heapRecorder reads live memory as the exact pass does, at every checkpoint.
type heapRecorder struct {
	base, peak, last int64
	live             []int64
	alloc0, mallocs0 uint64
	alloc, mallocs   uint64
	begin            time.Time
	loop             time.Duration
	exact            bool
}

func (r *heapRecorder) read() int64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc + s.StackInuse)
}

func (r *heapRecorder) Start() {
	r.base, r.live = r.read(), nil
	r.begin = time.Now()
}

func (r *heapRecorder) LoopStart() {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	r.alloc0, r.mallocs0 = s.TotalAlloc, s.Mallocs
}

func (r *heapRecorder) LoopEnd(int) {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	r.alloc, r.mallocs = s.TotalAlloc-r.alloc0, s.Mallocs-r.mallocs0
}

func (r *heapRecorder) Checkpoint(string, int, bool) {
	if r.exact {
		r.last = r.read() - r.base
		r.live = append(r.live, r.last)
		r.peak = max(r.peak, r.last)
	}
}
func (r *heapRecorder) More(int) bool { return false }
func (r *heapRecorder) SteadyEnd()    { r.loop = time.Since(r.begin) }
func (r *heapRecorder) TornDown()     { r.last = r.read() - r.base }

// TestSuite runs every scenario over every engine. The figures it logs are the
// table in the package's documentation.
func TestSuite(t *testing.T) {
	for _, e := range engines.All() {
		for _, s := range terminal.Suite(e).Scenarios {
			t.Run(s.Name+"@"+e.Name, func(t *testing.T) {
				defer goleak.VerifyNone(t)
				before := descriptors(t)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				r := &heapRecorder{exact: true}
				if err := s.Execute(ctx, highwater.PassExact, r); err != nil {
					t.Fatal(err)
				}
				n := &heapRecorder{}
				if err := s.Execute(ctx, highwater.PassNatural, n); err != nil {
					t.Fatal(err)
				}
				if after := descriptors(t); after != before {
					t.Errorf("%d descriptors open, %d before", after, before)
				}
				k := int64(s.Sessions) * 1000
				t.Logf("peak %d KB, end %d KB, retained %d KB, %.1f MB alloc'd, %dk mallocs, plain run %v", r.peak/k, r.live[len(r.live)-1]/k, r.last/k, float64(n.alloc)/1e6, n.mallocs/1000, n.loop.Round(time.Millisecond))
			})
		}
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc")
	}
	return len(entries)
}
