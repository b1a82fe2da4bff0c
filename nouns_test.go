package highwater_test

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestScenarioID(t *testing.T) {
	for _, c := range []struct {
		s    highwater.Scenario
		want string
	}{
		{highwater.Scenario{Name: "n"}, "n"},
		{highwater.Scenario{Suite: "s", Name: "n"}, "s/n"},
		{highwater.Scenario{Suite: "example.com/a/b", Name: "TestX", Variant: "v"}, "example.com/a/b/TestX@v"},
	} {
		if got := c.s.ID(); got != c.want || c.s.Info().ID() != got {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestScenarioDefaults(t *testing.T) {
	i := highwater.Scenario{Name: "n", Sessions: -1, Ops: -5}.Info()
	if i.Sessions != 1 || i.Ops != highwater.DefaultOps {
		t.Errorf("%+v", i)
	}
}

func TestValidate(t *testing.T) {
	good := highwater.Scenario{Suite: "s", Name: "n", Doc: "d", Run: func(*highwater.M) {}}
	variant := good
	variant.Variant = "v"
	if err := (highwater.Suite{Name: "s", Scenarios: []highwater.Scenario{good, variant}}).Validate(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*highwater.Scenario){
		"the name must not be empty": func(s *highwater.Scenario) { s.Name = "" },
		"contain '/', '@' or spaces": func(s *highwater.Scenario) { s.Name = "a/b" },
		"Run is nil":                 func(s *highwater.Scenario) { s.Run = nil },
		"Doc is empty":               func(s *highwater.Scenario) { s.Doc = "" },
		`unknown metric "paek"`:      func(s *highwater.Scenario) { s.Limits = []highwater.Limit{{Metric: "paek"}} },
		"stands twice in suite s":    func(*highwater.Scenario) {},
	} {
		bad := variant
		if want != "stands twice in suite s" {
			bad.Variant = "w"
		}
		change(&bad)
		err := (highwater.Suite{Name: "s", Scenarios: []highwater.Scenario{good, variant, bad}}).Validate()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// Whatever is not known is the worst: no verdict is a pass by accident.
func TestWorse(t *testing.T) {
	order := []highwater.Verdict{
		highwater.VerdictPass, highwater.VerdictNew, highwater.VerdictUnjudged, highwater.VerdictUnsupported, highwater.VerdictWarn,
		highwater.VerdictInconclusive, highwater.VerdictMissing, highwater.VerdictError, highwater.VerdictFail, "no such verdict",
	}
	for i, a := range order {
		for j, b := range order {
			if got := highwater.Worse(a, b); got != order[max(i, j)] {
				t.Errorf("of %s and %s the worse is %s", a, b, got)
			}
		}
	}
}

func TestMetrics(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range highwater.Metrics() {
		if seen[m.Name] || m.Name == "" || m.Title == "" || m.Unit == "" || m.Doc == "" || m.Pass == "" {
			t.Errorf("metric %+v", m)
		}
		seen[m.Name] = true
		if got, ok := highwater.MetricByName(m.Name); !ok || got != m {
			t.Errorf("%s: %+v, %v", m.Name, got, ok)
		}
	}
	if _, ok := highwater.MetricByName("paek"); ok {
		t.Error("there is no metric paek")
	}
}

// A thread that the runtime starts in the middle allocates seven objects of 5.5 KB:
// whatever is written, so little over all operations is never a regression.
func TestRuntimeFloor(t *testing.T) {
	allocs, _ := highwater.MetricByName(highwater.Allocs)
	few, many := highwater.ScenarioInfo{Ops: 12}, highwater.ScenarioInfo{Ops: 10_000}
	tight := highwater.Threshold{Relative: 0.01, Floor: 0.25}
	if got := allocs.Applied(tight, few); got.Floor*12 < 4*7 || got.Relative != tight.Relative {
		t.Errorf("over 12 operations: %v, which four threads would break", got)
	}
	if got := allocs.Applied(tight, many); got != tight {
		t.Errorf("over 10,000 operations: %v, want %v as written", got, tight)
	}
	if got := allocs.Applied(highwater.Threshold{}, few); !got.IsZero() {
		t.Errorf("none became %v", got)
	}
	peak, _ := highwater.MetricByName(highwater.Peak)
	if got := peak.RuntimeFloor(few); got != 0 {
		t.Errorf("peak has a floor of %v of the runtime's", got)
	}
}
