package noise

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/stat"
)

// usual are gates' own defaults.
var usual = Options{Here: 10, Baseline: 5}

// made is a run of scenarios whose metrics have these values, in order.
func made(scenarios map[string]map[string][]float64) *highwater.Run {
	r := &highwater.Run{
		Schema: highwater.Schema, ID: "r1", Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Command: []string{"highwater", "noise"},
		Environment: highwater.Environment{Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", CPU: "A", CPUs: 2, Kernel: "6.1"},
	}
	for _, name := range slices.Sorted(maps.Keys(scenarios)) {
		info := highwater.ScenarioInfo{Suite: "s", Name: name, Sessions: 1, Ops: 10, Omit: map[highwater.Pass]string{}}
		passes := map[highwater.Pass]bool{}
		for metric, values := range scenarios[name] {
			m, ok := highwater.MetricByName(metric)
			if !ok {
				panic(metric)
			}
			passes[m.Pass] = true
			for i, v := range values {
				at := slices.IndexFunc(r.Measurements, func(o highwater.Measurement) bool {
					return o.Scenario == info.ID() && o.Pass == m.Pass && o.Repeat == i
				})
				if at < 0 {
					at = len(r.Measurements)
					r.Measurements = append(r.Measurements, highwater.Measurement{
						Scenario: info.ID(), Pass: m.Pass, Repeat: i, Outcome: highwater.Outcome{Status: highwater.StatusOK}, Values: map[string]float64{},
					})
				}
				r.Measurements[at].Values[metric] = v
			}
		}
		for _, p := range highwater.Passes() {
			if !passes[p] {
				info.Omit[p] = "not of interest"
			}
		}
		r.Scenarios = append(r.Scenarios, info)
	}
	return r
}

// around are n values whose mean and sample deviation are exactly those.
func around(n int, mean, sd float64) []float64 {
	rng := rand.New(rand.NewPCG(51, uint64(n)))
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = rng.NormFloat64()
	}
	m, s := stat.Mean(xs), stat.SD(xs)
	for i := range xs {
		xs[i] = mean + sd*(xs[i]-m)/s
	}
	return xs
}

func figure(t *testing.T, s Sheet, scenario, metric string) Figure {
	t.Helper()
	var found *Figure
	s.each(func(id string, f Figure) {
		if id == "s/"+scenario && f.Metric == metric {
			found = &f
		}
	})
	if found == nil {
		t.Fatalf("no %s of %s", metric, scenario)
	}
	return *found
}

func TestKnownSpread(t *testing.T) {
	s := Analyse(made(map[string]map[string][]float64{"a": {
		highwater.Peak: around(20, 1e6, 5e3), highwater.Footprint: around(20, 30e6, 4.5e6), highwater.Retained: around(20, 48, 30),
		highwater.Efficiency: around(20, 0.4, 0.1), highwater.Goroutines: {0, 0, 1, 0}, highwater.Children: {0, 0},
	}}), usual)
	peak := figure(t, s, "a", highwater.Peak)
	if peak.N != 20 || math.Abs(peak.Mean-1e6) > 1e-3 || math.Abs(*peak.SD-5e3) > 1e-3 || math.Abs(*peak.CV-0.005) > 1e-9 || peak.State != Kept || peak.Proposed != nil {
		t.Errorf("peak: %+v", peak)
	}
	// What is found is the threshold and the margin that the gate itself states, for a
	// spread bounded from above.
	m, _ := highwater.MetricByName(highwater.Peak)
	d := gate.Design{Here: 10, Baseline: 5, Comparisons: 3}
	if want := 1e5 + d.Margin(m, peak.Mean, 5e3*stat.SDFactor(20, 0.95), m.Relative); math.Abs(*peak.Smallest-want) > 1 {
		t.Errorf("found from %v, want %v", *peak.Smallest, want)
	}
	// The 20 % of the footprint are lost in a spread of 15 %.
	if f := figure(t, s, "a", highwater.Footprint); f.State != Lost || f.Proposed == nil || f.Proposed.Relative < 0.4 || f.Proposed.Floor != 4<<20 {
		t.Errorf("footprint: %+v", f)
	}
	// 48 B are no figure to make a percentage of.
	if f := figure(t, s, "a", highwater.Retained); f.CV != nil || *f.SD < 29 || f.State != Kept {
		t.Errorf("retained: %+v", f)
	}
	if f := figure(t, s, "a", highwater.Efficiency); f.State != Unjudged || f.CV == nil {
		t.Errorf("efficiency: %+v", f)
	}
	// A goroutine that is left over now and then would fail a gate now and then.
	if f := figure(t, s, "a", highwater.Goroutines); f.State != Lost {
		t.Errorf("goroutines: %+v", f)
	}
	if f := figure(t, s, "a", highwater.Children); f.State != Kept {
		t.Errorf("children: %+v", f)
	}
	if s.Comparisons != 3 || s.Trusted || len(s.Proposals()) != 1 {
		t.Errorf("comparisons %d, trusted %v, proposals %+v", s.Comparisons, s.Trusted, s.Proposals())
	}
}

// Few repeats leave open what many settle, and propose nothing.
func TestFewRepeats(t *testing.T) {
	sheet := func(n int, cv float64) (Sheet, Figure) {
		s := Analyse(made(map[string]map[string][]float64{"a": {highwater.GCPressure: around(n, 0.8, 0.8*cv)}}), usual)
		return s, figure(t, s, "a", highwater.GCPressure)
	}
	for _, c := range []struct {
		n    int
		cv   float64
		want State
	}{{1, 0, Open}, {2, 0.05, Open}, {3, 0.05, Open}, {20, 0.05, Kept}, {3, 0.2, Open}, {3, 3, Lost}, {20, 0.5, Lost}} {
		if c.n == 1 {
			s := Analyse(made(map[string]map[string][]float64{"a": {highwater.GCPressure: {0.8}}}), usual)
			if f := figure(t, s, "a", highwater.GCPressure); f.State != Open || f.SD != nil || f.Smallest != nil || s.Trusted {
				t.Errorf("one repeat: %+v", f)
			}
			continue
		}
		s, f := sheet(c.n, c.cv)
		if f.State != c.want {
			t.Errorf("%d repeats, CV %v: %s, want %s (%+v)", c.n, c.cv, f.State, c.want, f)
		}
		if (f.Proposed != nil) != (c.want != Kept && c.n >= Enough) {
			t.Errorf("%d repeats, CV %v: proposed %v", c.n, c.cv, f.Proposed)
		}
		if s.Trusted != (c.want == Kept) {
			t.Errorf("%d repeats, CV %v: %s", c.n, c.cv, s.Conclusion)
		}
	}
}

// Thresholds in force are what the noise is held to; none is not judged.
func TestThresholdsInForce(t *testing.T) {
	run := made(map[string]map[string][]float64{"a": {highwater.Peak: around(20, 1e6, 5e3), highwater.Sustained: around(20, 1e6, 5e3)}})
	o := usual
	o.Thresholds = func(_, metric string) highwater.Threshold {
		if metric == highwater.Peak {
			return highwater.Threshold{Relative: 0.01}
		}
		return highwater.Threshold{}
	}
	s := Analyse(run, o)
	if f := figure(t, s, "a", highwater.Peak); f.State == Kept || f.Proposed == nil {
		t.Errorf("1 %% of a peak that varies by 0.5 %%: %+v", f)
	}
	if f := figure(t, s, "a", highwater.Sustained); f.State != Unjudged {
		t.Errorf("without a threshold: %+v", f)
	}
	if s.Comparisons != 1 || !s.Own {
		t.Errorf("%d comparisons, own %v", s.Comparisons, s.Own)
	}
}

func TestProblems(t *testing.T) {
	run := made(map[string]map[string][]float64{"a": {highwater.Peak: around(20, 1e6, 1)}, "b": {highwater.Peak: around(20, 1e6, 1)}})
	run.Measurements[3].Outcome = highwater.Outcome{Status: highwater.StatusTimeout, Detail: "still running after 2m"}
	run.Scenarios[1].Omit = nil
	s := Analyse(run, usual)
	if bad := s.Problems(); len(bad) != 2 || bad[0].Problem == bad[1].Problem || s.Trusted {
		t.Errorf("%+v: %s", bad, s.Conclusion)
	}
	if s := Analyse(&highwater.Run{}, usual); s.Trusted || s.Conclusion == "" {
		t.Errorf("nothing measured: %+v", s)
	}
}

// TestProposed measures programs of known noise, takes the thresholds that are proposed,
// and judges the same programs by them: a change of twice the threshold is found in 95
// of 100 cases, and one of half of it in 5 at most.
func TestProposed(t *testing.T) {
	if testing.Short() {
		t.Skip("judges some 4,000 times")
	}
	const sheets, times = 20, 15
	const trials = sheets * times
	for _, c := range []struct {
		metric   string
		mean, cv float64
		tightest bool
	}{
		{highwater.Peak, 1e6, 0.08, false},
		{highwater.Peak, 1e6, 0.002, true},
		{highwater.Sustained, 5e4, 0.001, true},
		{highwater.GCPressure, 0.5, 0.3, false},
		{highwater.Footprint, 30e6, 0.25, false},
		{highwater.Allocs, 400, 0.0001, true},
		{highwater.AllocBytes, 0.5, 0.5, true},
	} {
		m, _ := highwater.MetricByName(c.metric)
		rng := rand.New(rand.NewPCG(52, uint64(c.cv*1e6)))
		draw := func(n int, mean float64) []float64 {
			xs := make([]float64, n)
			for i := range xs {
				xs[i] = mean + c.cv*c.mean*rng.NormFloat64()
			}
			return xs
		}
		found, alarms := 0, 0
		for range sheets {
			o := usual
			o.Tightest = c.tightest
			f := figure(t, Analyse(made(map[string]map[string][]float64{"a": {c.metric: draw(20, c.mean)}}), o), "a", c.metric)
			threshold := m.Relative
			if f.Proposed != nil {
				threshold = *f.Proposed
			}
			policy := gate.Policy{
				Limits:     func(highwater.ScenarioInfo) []highwater.Limit { return nil },
				Thresholds: func(string, string) highwater.Threshold { return threshold },
			}
			failed := func(change float64) bool {
				base := made(map[string]map[string][]float64{"a": {c.metric: draw(5, c.mean)}})
				here := made(map[string]map[string][]float64{"a": {c.metric: draw(10, c.mean+change)}})
				return gate.Judge(here, base, policy).Exit == highwater.ExitFail
			}
			for range times {
				if failed(2 * threshold.Allowance(c.mean)) {
					found++
				}
				if failed(threshold.Allowance(c.mean) / 2) {
					alarms++
				}
			}
		}
		if found < trials*95/100 || alarms > trials*5/100 {
			t.Errorf("%+v: twice the proposed threshold is found %d times of %d, half of it %d times", c, found, trials, alarms)
		}
	}
}

func TestRounding(t *testing.T) {
	for r, want := range map[float64]float64{0.001: 0.01, 0.01: 0.01, 0.0101: 0.02, 0.07: 0.08, 0.5: 0.5, 0.81: 1, 1.2: 2} {
		if got := roundRatio(r); got != want {
			t.Errorf("ratio %v: %v, want %v", r, got, want)
		}
	}
	peak, _ := highwater.MetricByName(highwater.Peak)
	allocs, _ := highwater.MetricByName(highwater.Allocs)
	for _, c := range []struct {
		m       highwater.Metric
		v, want float64
	}{{peak, 41_000, 50_000}, {peak, 50_000, 50_000}, {peak, 0.3, 1}, {peak, 96, 100}, {allocs, 0.0123, 0.015}, {allocs, 0.07, 0.08}, {allocs, 0, 0}, {allocs, math.Inf(1), 0}} {
		if got := roundUp(c.v, c.m); got != c.want {
			t.Errorf("%s %v: %v, want %v", c.m.Name, c.v, got, c.want)
		}
	}
}

// Thresholds are written as a person would, and read back as they are.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		metric, want string
		threshold    highwater.Threshold
	}{
		{highwater.Peak, "10%|64KiB", highwater.Threshold{Relative: 0.1, Floor: 64 << 10}},
		{highwater.Footprint, "40%|4MiB", highwater.Threshold{Relative: 0.4, Floor: 4 << 20}},
		{highwater.Sustained, "1%|50KB", highwater.Threshold{Relative: 0.01, Floor: 50e3}},
		{highwater.AllocBytes, "5%|64", highwater.Threshold{Relative: 0.05, Floor: 64}},
		{highwater.Allocs, "5%|0.5", highwater.Threshold{Relative: 0.05, Floor: 0.5}},
		{highwater.GCPressure, "25%", highwater.Threshold{Relative: 0.25}},
	} {
		m, _ := highwater.MetricByName(c.metric)
		got := Words(m, c.threshold)
		back, err := highwater.ParseThreshold(got)
		if got != c.want || err != nil || back != c.threshold {
			t.Errorf("%+v: %s, want %s; read as %+v, %v", c.threshold, got, c.want, back, err)
		}
	}
}
