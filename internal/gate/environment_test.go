package gate_test

import (
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
)

func TestEnvironmentKey(t *testing.T) {
	env := highwater.Environment{
		Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", GOGC: "100", GOMEMLIMIT: "off", GOMAXPROCS: 8, Probe: 9,
		Kernel: "6.8.0", CPU: "Some CPU @ 2 GHz", CPUs: 8, MemoryBytes: 8 << 30,
	}
	for metric, want := range map[string]string{
		highwater.Peak:      "linux/amd64 go1.26 GOGC=100 GOMEMLIMIT=off GOMAXPROCS=8 probe=9",
		highwater.Footprint: `linux/amd64 go1.26 GOGC=100 GOMEMLIMIT=off GOMAXPROCS=8 probe=9 kernel=6.8.0 CPU="Some CPU @ 2 GHz, 8" memory="8.59 GB" container-limit=none`,
	} {
		if got := gate.EnvironmentKey(env, metric); got != want {
			t.Errorf("%s:\n got %s\nwant %s", metric, got, want)
		}
	}
	if gate.EnvironmentKey(env, "soak_final") != gate.EnvironmentKey(env, highwater.Footprint) {
		t.Error("to an unknown metric all conditions matter")
	}
}

// A key differs exactly where the gate would not compare, but for the system, which no
// trend mixes.
func TestEnvironmentKeyIsComparable(t *testing.T) {
	base := highwater.Environment{Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", GOGC: "100", GOMEMLIMIT: "off", GOMAXPROCS: 8, Probe: 9, GODEBUG: "a=1,b=2"}
	for name, change := range map[string]func(*highwater.Environment){
		"nothing": func(*highwater.Environment) {}, "patch release": func(e *highwater.Environment) { e.Go = "go1.26.9" },
		"release": func(e *highwater.Environment) { e.Go = "go1.27.0" }, "GOARCH": func(e *highwater.Environment) { e.GOARCH = "arm64" },
		"GOGC": func(e *highwater.Environment) { e.GOGC = "50" }, "GOMEMLIMIT": func(e *highwater.Environment) { e.GOMEMLIMIT = "1GiB" },
		"GOMAXPROCS": func(e *highwater.Environment) { e.GOMAXPROCS = 4 }, "probe": func(e *highwater.Environment) { e.Probe = 10 },
		"GODEBUG": func(e *highwater.Environment) { e.GODEBUG = "a=1" }, "GODEBUG in another order": func(e *highwater.Environment) { e.GODEBUG = "b=2,a=1" },
		"GODEBUG unset": func(e *highwater.Environment) { e.GODEBUG = "" },
		"kernel":        func(e *highwater.Environment) { e.Kernel = "6.9" }, "memory": func(e *highwater.Environment) { e.MemoryBytes = 1 << 30 },
		"commit": func(e *highwater.Environment) { e.Revision = "abc" },
	} {
		other := base
		change(&other)
		apart := map[string]bool{}
		for _, mm := range gate.Comparable(other, base) {
			for _, m := range mm.Metrics {
				apart[m] = true
			}
		}
		for _, m := range highwater.Metrics() {
			if got := gate.EnvironmentKey(other, m.Name) != gate.EnvironmentKey(base, m.Name); got != apart[m.Name] {
				t.Errorf("%s: %s has another key: %t, is not compared: %t", name, m.Name, got, apart[m.Name])
			}
		}
	}
	other := base
	other.GOOS = "darwin"
	if gate.EnvironmentKey(other, highwater.Peak) == gate.EnvironmentKey(base, highwater.Peak) {
		t.Error("two operating systems have one key")
	}
}
