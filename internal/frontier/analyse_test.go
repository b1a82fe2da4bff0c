package frontier

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

const mb = 1e6

// process is a natural one that made that many operations a second of CPU time.
func process(repeat int, footprint, perSecond float64) highwater.Measurement {
	return highwater.Measurement{
		Pass: highwater.PassNatural, Repeat: repeat, Outcome: highwater.Outcome{Status: highwater.StatusOK},
		Values: map[string]float64{highwater.Footprint: footprint},
		GC:     &highwater.GCWork{CPUShare: 0.1, Cycles: 7},
		Loop:   &highwater.LoopWork{Ops: int64(2 * perSecond), Wall: time.Second, CPU: 2 * time.Second},
	}
}

func gogc(n int) highwater.CollectorSetting { return highwater.CollectorSetting{GOGC: n} }

func limit(b int64) highwater.CollectorSetting { return highwater.CollectorSetting{GOGC: -1, Limit: b} }

// With L live and a collector that costs c seconds a cycle, throughput is known at every
// headroom: see Model in package advise. Every process is slower by a factor of its own.
func TestKnownTruth(t *testing.T) {
	const live, plain, perCycle, perOp = 20 * mb, 1e4, 0.005, 10e3 // 100 MB of garbage in 10,000 operations of a second
	throughput := func(headroom float64) float64 { return plain / (1 + plain*perOp/headroom*perCycle) }
	r := rand.New(rand.NewPCG(1, 2))
	all := map[highwater.CollectorSetting][]highwater.Measurement{}
	add := func(s highwater.CollectorSetting, headroom float64, drift []float64) {
		for i, d := range drift {
			all[s] = append(all[s], process(i, live+headroom, throughput(headroom)*d*math.Exp(0.003*r.NormFloat64())))
		}
	}
	drift := []float64{1, 0.9, 0.8, 1.1, 1} // of the machine, which all settings share
	for _, g := range []int{25, 50, 100, 200, 400} {
		add(gogc(g), live*float64(g)/100, drift)
	}
	for _, l := range []int64{22e6, 25e6, 30e6, 40e6, 60e6} {
		add(limit(l), float64(l)-live, drift)
	}
	f, err := Analyse("s", all, gogc(100), 0.05)
	if err != nil {
		t.Fatal(err)
	}
	if p := f.Points[f.Reference]; p.Setting != gogc(100) || math.Abs(p.Relative.Center-1) > 1e-9 {
		t.Errorf("the reference is %+v", p)
	}
	for i, p := range f.Points {
		want := throughput(p.Footprint.Center-live) / throughput(live)
		if p.Relative.Low > want+0.001 || p.Relative.High < want-0.001 || p.Relative.High-p.Relative.Low > 0.03 {
			t.Errorf("%s: throughput %+v of the reference's, want %.3f", p.Setting, p.Relative, want)
		}
		if i > 0 && p.Footprint.Center < f.Points[i-1].Footprint.Center {
			t.Errorf("the points are not in order: %+v", f.Points)
		}
	}
	// 25 MB lose 7.3 %, and 30 MB 2.4 %.
	if l := f.Least; l == nil || l.Limit != 30e6 || l.Below != 25e6 || !l.Certain {
		t.Errorf("the least limit is %+v", f.Least)
	}
}

func TestPareto(t *testing.T) {
	all := map[highwater.CollectorSetting][]highwater.Measurement{
		gogc(50):    {process(0, 10*mb, 100), process(1, 10*mb, 100)},
		gogc(75):    {process(0, 20*mb, 90), process(1, 20*mb, 90)}, // more memory, slower
		gogc(100):   {process(0, 30*mb, 150), process(1, 30*mb, 150)},
		gogc(200):   {process(0, 40*mb, 150), process(1, 40*mb, 150)}, // no faster
		limit(50e6): {{Repeat: 0, Outcome: highwater.Outcome{Status: highwater.StatusMemory, Detail: "over its ceiling"}}, process(1, 50*mb, 900)},
	}
	f, err := Analyse("s", all, gogc(100), 0.05)
	if err != nil {
		t.Fatal(err)
	}
	want := map[highwater.CollectorSetting]bool{gogc(50): true, gogc(100): true}
	for _, p := range f.Points {
		if p.Frontier != want[p.Setting] {
			t.Errorf("%s: on the frontier %v", p.Setting, p.Frontier)
		}
	}
	if f.Least != nil {
		t.Errorf("a limit with a failure is the least one: %+v", f.Least)
	}
	if len(f.Notes) != 2 || !strings.Contains(f.Notes[0], "over its ceiling") || !strings.Contains(f.Notes[1], "need >= 3 repeats") {
		t.Errorf("notes %q", f.Notes)
	}
}

func TestUncertain(t *testing.T) {
	all := map[highwater.CollectorSetting][]highwater.Measurement{}
	for i, d := range []float64{1.1, 0.9, 1.05, 0.95} {
		all[gogc(100)] = append(all[gogc(100)], process(i, 30*mb, 100))
		all[limit(20e6)] = append(all[limit(20e6)], process(i, 20*mb, 100*d))
	}
	f, err := Analyse("s", all, gogc(100), 0.05)
	if err != nil {
		t.Fatal(err)
	}
	if f.Least == nil || f.Least.Certain || f.Least.Below != 0 {
		t.Errorf("the least limit is %+v", f.Least)
	}
	if _, err := Analyse("s", all, gogc(50), 0.05); err == nil || !strings.Contains(err.Error(), "GOGC=50") {
		t.Errorf("without a reference: %v", err)
	}
}

// The estimate is that of a textbook: the logarithms 1, 2 and 3 have the mean 2, and half
// of their interval is 4.3027 / √3.
func TestEstimate(t *testing.T) {
	e := estimate([]float64{math.E, math.Exp(2), math.Exp(3)})
	if half := 4.302653 / math.Sqrt(3); math.Abs(math.Log(e.Center)-2) > 1e-9 || math.Abs(math.Log(e.High)-2-half) > 1e-4 || math.Abs(math.Log(e.Low)-2+half) > 1e-4 {
		t.Errorf("got %+v", e)
	}
	if e := estimate([]float64{5}); e.Low != 0 || e.High != math.MaxFloat64 {
		t.Errorf("one value has the interval %+v", e)
	}
}

func TestLimits(t *testing.T) {
	m := highwater.Measurement{Footprint: &highwater.FootprintParts{LiveHeap: 20 << 20, Stacks: 1 << 20, Metadata: 3 << 20}}
	var got []int64
	for _, s := range Limits(m) {
		if s.GOGC != -1 {
			t.Errorf("%s leaves GOGC on", s)
		}
		got = append(got, s.Limit>>20)
	}
	if want := []int64{26, 29, 34, 44, 64, 104}; len(got) != len(want) || got[0] != want[0] || got[5] != want[5] {
		t.Errorf("got %v, want %v", got, want)
	}
	if Limits(highwater.Measurement{}) != nil {
		t.Error("limits of nothing")
	}
}
