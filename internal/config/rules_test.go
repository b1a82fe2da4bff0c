package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

const layers = `
limits: {peak: 5MB, sustained: 4MB, gc_pressure: 0.5, retained: none}
thresholds: {peak: 20%, sustained: 20%, footprint: 20%}
suites:
  s:
    limits: {sustained: 6MB, allocs: 10}
    thresholds: {sustained: 30%}
overrides:
  - {scenario: s/a, reason: first, limits: {allocs: 20, fds: 1}, thresholds: {footprint: 40%}}
  - {scenario: "s/*", reason: second, limits: {fds: 2}}
environments:
  ci:
    limits: {peak: 1MB, efficiency: 0.4}
    suites: {s: {limits: {alloc_bytes: 7}}}
    overrides:
      - {scenario: s/b, reason: third, limits: {peak: 9MB}}
`

func bounds(t *testing.T, env string, strict bool, info highwater.ScenarioInfo) map[string]highwater.Limit {
	t.Helper()
	f, err := Parse("highwater.yml", []byte(layers))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.In(env)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]highwater.Limit{}
	for _, l := range r.Limits(strict)(info) {
		got[l.Metric] = l
	}
	return got
}

// The expectations follow from the order in the comment of Rules.Limits alone.
func TestLimitsMostSpecificWins(t *testing.T) {
	a := highwater.ScenarioInfo{Suite: "s", Name: "a"}
	b := highwater.ScenarioInfo{Suite: "s", Name: "b", Limits: []highwater.Limit{{Metric: highwater.Peak, Bound: 8e6, Reason: "own"}}}
	other := highwater.ScenarioInfo{Suite: "x", Name: "y"}
	for _, c := range []struct {
		name   string
		env    string
		strict bool
		info   highwater.ScenarioInfo
		metric string
		want   float64 // -1: no limit
	}{
		{"file over standard", "", false, other, highwater.Peak, 5e6},
		{"standard where nothing is said", "", false, other, highwater.Goroutines, 0},
		{"none takes away", "", false, other, highwater.Retained, -1},
		{"suite over file", "", false, a, highwater.Sustained, 6e6},
		{"not another suite's", "", false, other, highwater.Sustained, 4e6},
		{"override over suite", "", false, a, highwater.Allocs, 20},
		{"later override wins", "", false, a, highwater.FDs, 2},
		{"scenario's own over file", "", false, b, highwater.Peak, 8e6},
		{"environment over file", "ci", false, other, highwater.Peak, 1e6},
		{"environment's general limit does not beat the scenario's own", "ci", false, highwater.ScenarioInfo{Suite: "s", Name: "c", Limits: b.Limits}, highwater.Peak, 8e6},
		{"environment's override beats the scenario's own", "ci", false, b, highwater.Peak, 9e6},
		{"environment adds", "ci", false, other, highwater.Efficiency, 0.4},
		{"environment's suite", "ci", false, a, highwater.AllocBytes, 7},
		{"strict over a looser file", "", true, other, highwater.Peak, 2.5e6},
		{"stricter file over strict", "", true, other, highwater.GCPressure, 0.5},
		{"strict ignores none", "", true, other, highwater.Retained, 250e3},
		{"suite over strict", "", true, a, highwater.Sustained, 6e6},
		{"stricter environment over strict", "ci", true, other, highwater.Peak, 1e6},
	} {
		got, ok := bounds(t, c.env, c.strict, c.info)[c.metric]
		switch {
		case !ok && c.want != -1:
			t.Errorf("%s: no limit on %s, want %v", c.name, c.metric, c.want)
		case ok && got.Bound != c.want:
			t.Errorf("%s: %s is %v, want %v", c.name, c.metric, got.Bound, c.want)
		}
	}
}

func TestLimitsSayWhereFrom(t *testing.T) {
	a := bounds(t, "", false, highwater.ScenarioInfo{Suite: "s", Name: "a"})
	if got := a[highwater.Peak].Reason; got != "" {
		t.Errorf("file's limit, which is the usual one: reason %q, want none", got)
	}
	if got, want := a[highwater.FDs].Reason, "second (highwater.yml:10)"; got != want {
		t.Errorf("override's limit: reason %q, want %q", got, want)
	}
	if got := a[highwater.Goroutines].Reason; got != "" {
		t.Errorf("standard limit: reason %q, want none", got)
	}
}

// Without a file the limits are the root package's own, so that memtest, which
// reads no file, and the command line agree.
func TestLimitsWithoutFile(t *testing.T) {
	r, err := (*File)(nil).In("")
	if err != nil {
		t.Fatal(err)
	}
	for strict, want := range map[bool][]highwater.Limit{false: highwater.StandardLimits(), true: highwater.StrictLimits()} {
		got := r.Limits(strict)(highwater.ScenarioInfo{Suite: "s", Name: "a"})
		if len(got) != len(want) {
			t.Fatalf("strict %v: %d limits, want %d", strict, len(got), len(want))
		}
		byMetric := map[string]float64{}
		for _, l := range got {
			byMetric[l.Metric] = l.Bound
		}
		for _, l := range want {
			if byMetric[l.Metric] != l.Bound {
				t.Errorf("strict %v: %s is %v, want %v", strict, l.Metric, byMetric[l.Metric], l.Bound)
			}
		}
	}
}

func TestThresholds(t *testing.T) {
	f, err := Parse("highwater.yml", []byte(layers))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.In("")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id, metric string
		want       float64
	}{
		{"x/y", highwater.Peak, 0.2},
		{"x/y", highwater.AllocBytes, 0.1}, // the metric's own
		{"s/a@midterm", highwater.Sustained, 0.3},
		{"s/a@midterm", highwater.Footprint, 0.4},
		{"s/b", highwater.Footprint, 0.2},
	} {
		if got := r.Thresholds()(c.id, c.metric).Relative; got != c.want {
			t.Errorf("%s %s: %v, want %v", c.id, c.metric, got, c.want)
		}
	}
}

func TestCheckNames(t *testing.T) {
	f, err := Parse("highwater.yml", []byte(layers))
	if err != nil {
		t.Fatal(err)
	}
	known := []highwater.ScenarioInfo{{Suite: "s", Name: "a", Variant: "v"}, {Suite: "s", Name: "b"}}
	if err := f.Check(known, ""); err != nil {
		t.Error(err)
	}
	err = f.Check([]highwater.ScenarioInfo{{Suite: "ss", Name: "a"}}, "example.com/m")
	for _, want := range []string{
		`highwater.yml:5: suites: there is no suite "s"; did you mean "ss"?`,
		`highwater.yml:9: overrides: no scenario matches "s/a"; did you mean "ss/a"?`,
		`highwater.yml:14: suites: there is no suite "s"`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}

// What names packages of the user's own module is known when they are built only.
func TestCheckPackages(t *testing.T) {
	f, err := Parse("highwater.yml", []byte("suites:\n  example.com/m/p: {limits: {peak: 1MB}}\noverrides:\n  - {scenario: example.com/m/TestA, reason: r, limits: {peak: 1MB}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	known := []highwater.ScenarioInfo{{Suite: "s", Name: "a"}}
	for module, wrong := range map[string]int{"example.com/m": 0, "example.com/other": 2, "example.com/m/p": 1, "": 2} {
		var ps Problems
		if errors.As(f.Check(known, module), &ps); len(ps) != wrong {
			t.Errorf("in module %q: %v, want %d problems", module, ps, wrong)
		}
		// In a workspace it may be of any of its modules.
		ps = nil
		if errors.As(f.Check(known, "example.com/first", module), &ps); len(ps) != wrong {
			t.Errorf("in a workspace with module %q: %v, want %d problems", module, ps, wrong)
		}
	}
}
