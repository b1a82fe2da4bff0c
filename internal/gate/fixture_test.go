package gate

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// typical are the figures of a well-behaved scenario.
var typical = map[string]float64{
	highwater.Peak: 1.2e6, highwater.Sustained: 1e6, highwater.Retained: 2000,
	highwater.AllocBytes: 50e3, highwater.Allocs: 400, highwater.GCPressure: 0.3,
	highwater.Footprint: 30e6, highwater.Efficiency: 0.4, highwater.Fragmentation: 0.1, highwater.Growth: 10,
	highwater.SessionCost: 1e6, highwater.FixedCost: 2e6, highwater.ChildMemory: 20e6,
	highwater.TreePSS: 40e6, highwater.TreeFootprint: 60e6,
	highwater.Goroutines: 0, highwater.FDs: 0, highwater.Children: 0, highwater.Threads: 3,
}

var environment = highwater.Environment{
	Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", GOGC: "100", GOMEMLIMIT: "off",
	GOMAXPROCS: 2, Probe: 1, Kernel: "6.1", CPU: "A", CPUs: 2, MemoryBytes: 8e9,
}

// bench makes runs for tests.
type bench struct {
	names   []string           // of the scenarios; nil means s/a
	repeats int                // of each pass; 0 means 2
	factor  map[string]float64 // of the typical value, by metric
	rng     *rand.Rand         // adds the metric's usual noise; nil adds none
	noise   float64            // times the usual noise; 0 means 1
}

func (b bench) run() *highwater.Run {
	r := &highwater.Run{Schema: highwater.Schema, ID: "r1", Environment: environment}
	names, repeats := b.names, b.repeats
	if names == nil {
		names = []string{"a"}
	}
	if repeats == 0 {
		repeats = 2
	}
	for _, name := range names {
		r.Scenarios = append(r.Scenarios, highwater.ScenarioInfo{Suite: "s", Name: name, Sessions: 1, Ops: 100})
		for _, pass := range highwater.Passes() {
			for repeat := range repeats {
				r.Measurements = append(r.Measurements, b.measurement("s/"+name, pass, repeat))
			}
		}
	}
	return r
}

func (b bench) measurement(id string, pass highwater.Pass, repeat int) highwater.Measurement {
	m := highwater.Measurement{
		Scenario: id, Pass: pass, Repeat: repeat, Duration: time.Second / 2,
		Outcome: highwater.Outcome{Status: highwater.StatusOK},
		Values:  map[string]float64{},
	}
	for _, metric := range highwater.Metrics() {
		if metric.Pass == pass {
			m.Values[metric.Name] = b.value(metric)
		}
	}
	return m
}

func (b bench) value(m highwater.Metric) float64 {
	v := typical[m.Name]
	if f, ok := b.factor[m.Name]; ok {
		v *= f
	}
	if b.rng != nil && !counted(m) {
		noise := b.noise
		if noise == 0 {
			noise = 1
		}
		v += b.rng.NormFloat64() * noise * prior(m, v).SD
	}
	return v
}

// edit changes the measurements of one pass of a scenario.
func edit(r *highwater.Run, id string, pass highwater.Pass, change func(m *highwater.Measurement)) {
	for i := range r.Measurements {
		if m := &r.Measurements[i]; m.Scenario == id && m.Pass == pass {
			change(m)
		}
	}
}

// drop removes measurements.
func drop(r *highwater.Run, which func(highwater.Measurement) bool) {
	r.Measurements = slices.DeleteFunc(r.Measurements, which)
}

// findings returns those of a check, and of a metric unless that is empty.
func findings(r *highwater.Report, check, metric string) []highwater.Finding {
	var list []highwater.Finding
	all := slices.Clone(r.Findings)
	for _, row := range r.Rows {
		all = append(all, row.Findings...)
	}
	for _, f := range all {
		if f.Check == check && (metric == "" || f.Metric == metric) {
			list = append(list, f)
		}
	}
	return list
}

// one returns the single finding of a check and metric.
func one(t *testing.T, r *highwater.Report, check, metric string) highwater.Finding {
	t.Helper()
	list := findings(r, check, metric)
	if len(list) != 1 {
		t.Fatalf("%d findings of check %s on %q, want one: %+v", len(list), check, metric, list)
	}
	return list[0]
}

// want checks the verdict of a finding and words of its reason.
func want(t *testing.T, f highwater.Finding, v highwater.Verdict, words ...string) {
	t.Helper()
	if f.Verdict != v {
		t.Errorf("verdict %s, want %s: %s", f.Verdict, v, f.Reason)
	}
	for _, w := range words {
		if !strings.Contains(f.Reason+"\n"+f.Hint, w) {
			t.Errorf("%q is not in the reason or hint: %s / %s", w, f.Reason, f.Hint)
		}
	}
}

// wantExit checks verdict and exit status of the whole.
func wantExit(t *testing.T, r *highwater.Report, v highwater.Verdict, exit int) {
	t.Helper()
	if r.Verdict != v || r.Exit != exit {
		t.Errorf("report: %s, exit %d; want %s, exit %d", r.Verdict, r.Exit, v, exit)
		for _, f := range append(slices.Clone(r.Findings), allOf(r)...) {
			if f.Verdict != highwater.VerdictPass {
				t.Logf("%s %s %s: %s", f.Check, f.Metric, f.Verdict, f.Reason)
			}
		}
	}
}

func allOf(r *highwater.Report) []highwater.Finding {
	var list []highwater.Finding
	for _, row := range r.Rows {
		list = append(list, row.Findings...)
	}
	return list
}

// silent is a policy without limits, for tests of something else.
var silent = Policy{Limits: func(highwater.ScenarioInfo) []highwater.Limit { return nil }}
