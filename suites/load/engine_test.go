package load_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/load/servers"
)

func TestSuiteIsValid(t *testing.T) {
	for _, e := range servers.All() {
		s := load.Suite(e)
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
		if e.Name == servers.Default && len(s.Scenarios) != 8 {
			t.Errorf("%d scenarios, want 8", len(s.Scenarios))
		}
	}
}

func names(s highwater.Suite) []string {
	var names []string
	for _, sc := range s.Scenarios {
		names = append(names, sc.Name)
	}
	return names
}

// What an engine does not have is not in its suite.
func TestPartialEngines(t *testing.T) {
	all := servers.Mux()
	for _, c := range []struct {
		engine load.Engine
		want   []string
	}{
		{load.Engine{Name: "mine", SSH: all.SSH}, []string{"multi_session"}},
		{load.Engine{Name: "mine", Plugins: all.Plugins}, []string{"concurrent_plugins"}},
		{
			load.Engine{Name: "mine", New: all.New},
			[]string{"concurrent_sessions", "high_frequency_updates", "session_churn", "ansi_stress", "memory_pressure", "mixed_stress"},
		},
		{all, load.Scenarios()},
	} {
		if got := names(load.Suite(c.engine)); !slices.Equal(got, c.want) {
			t.Errorf("got %v, want %v", got, c.want)
		}
	}
	// Without plugins, the rest of mixed_stress goes on.
	s := scenario(t, load.Engine{Name: "mine", New: all.New}, "mixed_stress")
	if err := s.Execute(t.Context(), highwater.PassNatural, &recorder{}); err != nil {
		t.Error(err)
	}
}

func TestEngineValidate(t *testing.T) {
	limit := func(metric, reason string) highwater.Limit { return highwater.Limit{Metric: metric, Reason: reason} }
	for want, change := range map[string]func(*load.Engine){
		`must not be empty`:           func(e *load.Engine) { e.Name = "" },
		`or contain '/'`:              func(e *load.Engine) { e.Name = "a/b" },
		`there is nothing to measure`: func(e *load.Engine) { e.New, e.SSH, e.Plugins = nil, nil, nil },
		`SSH needs Listen, Greeting`:  func(e *load.Engine) { e.SSH = &load.SSH{Listen: e.SSH.Listen} },
		`did you mean "session_churn"?`: func(e *load.Engine) {
			e.Budgets = []load.Budget{{Scenario: "sesion_churn", Limit: limit(highwater.Peak, "r")}}
		},
		`budget in session_churn without a reason`: func(e *load.Engine) {
			e.Budgets = []load.Budget{{Scenario: "session_churn", Limit: limit(highwater.Peak, "")}}
		},
		`unknown metric "peek"`: func(e *load.Engine) {
			e.Budgets = []load.Budget{{Scenario: "session_churn", Limit: limit("peek", "r")}}
		},
	} {
		e := servers.Mux()
		change(&e)
		if err := e.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// A budget of the engine's takes the place of the scenario's own for the same
// metric.
func TestBudgets(t *testing.T) {
	e := servers.Mux()
	e.Budgets = []load.Budget{{Scenario: "memory_pressure", Limit: highwater.Limit{Metric: highwater.Footprint, Bound: 1, Reason: "mine"}}}
	var footprint []highwater.Limit
	for _, l := range scenario(t, e, "memory_pressure").Limits {
		if l.Metric == highwater.Footprint {
			footprint = append(footprint, l)
		}
	}
	if len(footprint) != 1 || footprint[0].Bound != 1 {
		t.Errorf("limits of footprint: %+v", footprint)
	}
}

func TestSetup(t *testing.T) {
	r := &recorder{}
	e := load.Engine{Name: "mine", New: servers.Mux().New, Setup: func(_ context.Context, scenario string) error {
		if scenario != "session_churn" || r.started != 1 { // Execute calls it once
			t.Errorf("set up for %q after %d calls of Start", scenario, r.started)
		}
		return context.Canceled
	}}
	err := scenario(t, e, "session_churn").Execute(t.Context(), highwater.PassNatural, r)
	if err == nil || err.Error() != "mine: setting up: context canceled" {
		t.Errorf("error %v", err)
	}
}

// The number of operations is the pass's affair.
func TestAnyNumberOfOperations(t *testing.T) {
	for _, s := range load.Suite(servers.Mux()).Scenarios {
		if testing.Short() && s.Sessions > 100 {
			continue
		}
		r := &recorder{extra: 3}
		if err := s.Execute(t.Context(), highwater.PassExact, r); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		if r.started != 2 || r.marks < 8 || r.steady < 3 || r.steady > 8 {
			t.Errorf("%s: calls %+v", s.Name, r)
		}
		var want []int
		switch s.Name {
		case "concurrent_sessions":
			want = []int{1, 10, 100, 1000}
		case "concurrent_plugins":
			want = []int{1, 10, 100, 300}
		case "multi_session":
			want = []int{1, 10, 100}
		}
		if !slices.Equal(r.sessions, want) {
			t.Errorf("%s: read at %v sessions, want %v", s.Name, r.sessions, want)
		}
	}
}
