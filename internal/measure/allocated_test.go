package measure_test

import (
	"math"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
)

func init() { workloads["allocates"] = allocates }

var dropped any

// allocates takes 15,000 objects of 1024 bytes and 2,500 of 64 in every operation,
// and more besides before and after its loop.
func allocates(m *highwater.M) {
	m.Start()
	setUp()
	for m.Loop() {
		for range 15_000 {
			dropped = make([]byte, 1024)
		}
		for range 2_500 {
			dropped = new([64]byte)
		}
	}
	m.Cleanup(setUp)
}

func setUp() {
	for range 1000 {
		dropped = make([]byte, 4096)
	}
}

// TestAllocated compares the sites that allocated with what is known of the
// workload, and with testing's own figures.
func TestAllocated(t *testing.T) {
	t.Parallel()
	tg := of(t, "allocates", exactly)
	m := only(t, measure.Options{}, tg)
	checkAllocated(t, m, map[string][2]float64{".allocates": {15_000*(1024+24) + 2_500*64, 2*15_000 + 2_500}}) // 24 bytes are a slice in an interface
	for _, s := range m.Allocated {
		if s.Where.Func == "" || s.Fingerprint == "" {
			t.Errorf("a site that says nothing: %+v", s)
		}
		for _, f := range s.Stack {
			if strings.Contains(f.Func, "/internal/probe.") {
				t.Errorf("a site of the probe: %+v", s.Stack)
				break
			}
		}
	}
}

// checkAllocated sums the sites by function, and compares bytes and objects per
// operation.
func checkAllocated(t *testing.T, m highwater.Measurement, want map[string][2]float64) {
	t.Helper()
	if m.Outcome.Status != highwater.StatusOK || m.AllocatedOps == 0 {
		t.Fatalf("%+v, %d operations", m.Outcome, m.AllocatedOps)
	}
	got := map[string][2]float64{}
	for _, s := range m.Allocated {
		name := s.Where.Func[strings.LastIndexByte(s.Where.Func, '.'):]
		sum := got[name]
		sum[0] += float64(s.Bytes) / float64(m.AllocatedOps)
		sum[1] += float64(s.Objects) / float64(m.AllocatedOps)
		got[name] = sum
	}
	for name, w := range want {
		for i, what := range []string{"bytes", "objects"} {
			if g := got[name][i]; math.Abs(g-w[i]) > 0.05*w[i]+0.01 {
				t.Errorf("%s allocates %.1f %s an operation, want %.1f; all: %v", name, g, what, w[i], got)
			}
		}
	}
}
