package own

import (
	"fmt"
	"time"

	"github.com/highwater-dev/highwater"
)

// Scenarios is the number of scenarios of a large run.
const Scenarios = 500

// begun is when everything here happened.
var begun = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// typical are figures that keep within the standard limits.
var typical = map[string]float64{
	highwater.Peak: 1.2e6, highwater.Sustained: 1e6, highwater.Retained: 2000,
	highwater.AllocBytes: 50e3, highwater.Allocs: 400, highwater.GCPressure: 0.3,
	highwater.Footprint: 30e6, highwater.Efficiency: 0.4, highwater.Fragmentation: 0.1, highwater.Growth: 10,
	highwater.Threads: 3,
}

// Run is a run of that many scenarios in two processes of each pass, with ten sites each.
// Every tenth scenario holds so many times more than it usually would.
func Run(scenarios int, tenth float64) *highwater.Run {
	end := begun.Add(time.Hour)
	r := &highwater.Run{
		Schema: highwater.Schema, ID: "20261101-120000-000000", Tool: "own", Created: begun, Finished: &end,
		Environment: highwater.Environment{
			Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", GOGC: "100", GOMEMLIMIT: "off", GOMAXPROCS: 2,
			Probe: 1, Kernel: "6.1", CPU: "A", CPUs: 2, MemoryBytes: 8e9, Module: "example.com/large",
		},
	}
	for i := range scenarios {
		s := highwater.ScenarioInfo{Suite: fmt.Sprintf("example.com/large/package%02d", i/25), Name: fmt.Sprintf("BenchmarkOfSomething/%d", i), Sessions: 1, Ops: 100}
		r.Scenarios = append(r.Scenarios, s)
		factor := 1.0
		if i%10 == 0 {
			factor = tenth
		}
		for _, pass := range highwater.Passes() {
			for repeat := range 2 {
				r.Measurements = append(r.Measurements, measurement(s, pass, repeat, factor))
			}
		}
	}
	return r
}

func measurement(s highwater.ScenarioInfo, pass highwater.Pass, repeat int, factor float64) highwater.Measurement {
	m := highwater.Measurement{
		Scenario: s.ID(), Pass: pass, Repeat: repeat, Started: begun, Duration: 400 * time.Millisecond,
		Outcome: highwater.Outcome{Status: highwater.StatusOK}, Values: map[string]float64{},
	}
	for _, metric := range highwater.Metrics() {
		if metric.Pass == pass && !metric.Optional {
			m.Values[metric.Name] = typical[metric.Name]
		}
	}
	if pass == highwater.PassExact {
		m.Values[highwater.Peak] *= factor
		for i := range 10 {
			m.Sites = append(m.Sites, site(s.Suite, i, int64(100_000*factor), 0.1))
		}
	}
	return m
}

// site has a stack of eight functions.
func site(pkg string, i int, bytes int64, share float64) highwater.Site {
	s := highwater.Site{Bytes: bytes, Objects: bytes / 100, Share: share, Fingerprint: fmt.Sprintf("%x", 1<<20+i)}
	for depth := range 8 {
		s.Stack = append(s.Stack, highwater.Frame{Func: fmt.Sprintf("%s.(*Type%d).Method%d", pkg, i, depth), File: fmt.Sprintf("/src/%s/file%d.go", pkg, i%7), Line: 10*i + depth})
	}
	s.Where = s.Stack[0]
	return s
}
