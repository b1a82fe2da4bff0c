package frontier_test

import (
	"os"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/frontier"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/pressure"
	"github.com/highwater-dev/highwater/internal/target"
)

func TestMain(m *testing.M) {
	if code, done := target.MaybeSupervise(); done {
		os.Exit(code)
	}
	if code, done := measure.ChildMain(pressure.ByID); done {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// A program with 8 MB live and garbage beside it, which it writes to: a lower GOGC takes less memory, and
// makes the collector work more often. Both are so on any machine; by how much is not
// asked here.
func TestRun(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s, ok := pressure.ByID("pressure/trees_beside_8MB")
	if !ok {
		t.Fatal("there is no such program")
	}
	low, high, limit := highwater.CollectorSetting{GOGC: 25}, highwater.CollectorSetting{GOGC: 400}, highwater.CollectorSetting{GOGC: -1, Limit: 32 << 20}
	seen, least := 0, map[highwater.CollectorSetting]float64{}
	f, err := frontier.Run(t.Context(), target.Target{Info: s.Info(), Path: self}, frontier.Options{
		Settings: []highwater.CollectorSetting{low, high, limit},
		Measure:  measure.Options{Repeats: 2, Time: 300 * time.Millisecond},
		Record: func(s highwater.CollectorSetting, m highwater.Measurement) {
			seen++
			if b := m.Values[highwater.Footprint]; least[s] == 0 || b < least[s] {
				least[s] = b
			}
			t.Logf("%s: %.0f B, %d cycles, %+v", s, m.Values[highwater.Footprint], m.GC.Cycles, m.Loop)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	at := map[highwater.CollectorSetting]highwater.FrontierPoint{}
	for _, p := range f.Points {
		at[p.Setting] = p
		if p.Failed != "" || p.Repeats != 2 || p.PerCPU.Center <= 0 || p.PerWall.Center <= 0 || p.Relative.Center <= 0 {
			t.Errorf("%s: %+v", p.Setting, p)
		}
	}
	reference := f.Points[f.Reference]
	if len(f.Points) != 4 || seen != 8 || reference.Setting != (highwater.CollectorSetting{GOGC: 100}) {
		t.Errorf("%d points, %d processes, compared with %s", len(f.Points), seen, reference.Setting)
	}
	if at[low].Footprint.Center >= at[high].Footprint.Center {
		t.Errorf("GOGC=25 takes %.0f B and GOGC=400 %.0f B", at[low].Footprint.Center, at[high].Footprint.Center)
	}
	perOp := func(p highwater.FrontierPoint) float64 { return p.Cycles / p.PerWall.Center }
	if perOp(at[low]) <= perOp(at[high]) {
		t.Errorf("the collector ran %.1f times at GOGC=25 and %.1f times at GOGC=400", at[low].Cycles, at[high].Cycles)
	}
	// The limit is of what the runtime has mapped, without the program's own pages. A process
	// whose collector gets no processor goes over it, and not every time.
	if got := least[limit]; got > 48<<20 || got < 16<<20 {
		t.Errorf("with a limit of 32 MiB the process had %.0f B", got)
	}
}
