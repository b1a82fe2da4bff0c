package plugin_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/plugin"
)

// recorder counts the calls that a workload makes of the measuring side, and
// asks for a number of operations more than the scenario's own.
type recorder struct {
	extra                         int
	started, loops, marks, steady int
	ended, torn                   int
	sessions                      []int
}

func (r *recorder) Start()            { r.started++ }
func (r *recorder) LoopStart()        { r.loops++ }
func (r *recorder) LoopEnd(int)       {}
func (r *recorder) SteadyEnd()        { r.ended++ }
func (r *recorder) TornDown()         { r.torn++ }
func (r *recorder) More(ops int) bool { r.extra--; return r.extra >= 0 }
func (r *recorder) Sessions(n int)    { r.sessions = append(r.sessions, n) }

func (r *recorder) Checkpoint(_ string, _ int, steady bool) {
	r.marks++
	if steady {
		r.steady++
	}
}

func scenario(t *testing.T, e plugin.Engine, name string) highwater.Scenario {
	t.Helper()
	for _, s := range plugin.Suite(e).Scenarios {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no scenario %s", name)
	return highwater.Scenario{}
}

func TestSuiteIsValid(t *testing.T) {
	s := plugin.Suite(native(nil))
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
	if len(s.Scenarios) != 8 {
		t.Errorf("%d scenarios, want 8", len(s.Scenarios))
	}
	for i, sc := range s.Scenarios {
		if sc.Name != plugin.Scenarios()[i] || sc.Variant != "native" {
			t.Errorf("scenario %d is %s, want %s", i, sc.ID(), plugin.Scenarios()[i])
		}
	}
}

// The results must be right whatever number of operations a pass makes.
func TestAnyNumberOfOperations(t *testing.T) {
	for _, s := range plugin.Suite(native(nil)).Scenarios {
		r := &recorder{extra: s.Ops/2 + 1}
		if err := s.Execute(t.Context(), highwater.PassExact, r); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		if r.started < 2 || r.loops != 1 || r.marks < 6 || r.steady < 3 || r.ended != 1 || r.torn != 1 {
			t.Errorf("%s: calls %+v", s.Name, r)
		}
		if want := map[bool]string{true: "[1 5 10 20]", false: "[]"}[s.Name == "multiple_load"]; fmt.Sprint(r.sessions) != want {
			t.Errorf("%s: checkpoints with %v sessions, want %s", s.Name, r.sessions, want)
		}
	}
}

// A host without Reload gets an unload and a load.
func TestWithoutReload(t *testing.T) {
	e := native(nil)
	inner := e.New
	e.New = func(ctx context.Context, scenario string) (plugin.Host, error) {
		h, err := inner(ctx, scenario)
		return struct{ plugin.Host }{h}, err
	}
	if err := scenario(t, e, "hot_reload").Execute(t.Context(), highwater.PassNatural, &recorder{}); err != nil {
		t.Error(err)
	}
}

// Every way in which a host may fail to do its work fails a scenario.
func TestDishonestHostsFail(t *testing.T) {
	for name, c := range map[string]struct {
		scenario string
		change   func(*nativeHost)
		want     string
	}{
		"wrong bytes": {
			"single_load", func(h *nativeHost) { h.garble = true },
			`native: plugin p0: transform: the plugin returned "the quick`,
		},
		"drops events": {
			"event_dispatch", func(h *nativeHost) { h.dropEvery = 5 },
			`plugin p4: status: the plugin returned "p4 1`,
		},
		"says that nobody listened": {
			"event_dispatch", func(h *nativeHost) { h.deaf = true },
			"publish to all: 0 plugins handled the event, want 24",
		},
		"delivers to all": {
			"event_dispatch", func(h *nativeHost) { h.broadcast = true },
			"publish to even: 24 plugins handled the event, want 12",
		},
		"one state for all": {
			"multiple_load", func(h *nativeHost) { h.shareState = true },
			`status: the plugin returned "p19 1 0 0 0", want "p0 1 0 0 0"`,
		},
		"keeps the old version": {
			"hot_reload", func(h *nativeHost) { h.keepVersion = true },
			`plugin p0: init: the plugin returned "1", want "2"`,
		},
		"carries the state over": {
			"hot_reload", func(h *nativeHost) { h.keepState = true },
			`plugin p1: status: the plugin returned "p1 2 2 80 0", want "p1 2 1 40 0"`,
		},
		"ignores the memory limit": {
			"resource_management", func(h *nativeHost) { h.noMemoryLimit = true },
			"plugin p3: hold: the plugin holds 160 MB, and was limited to 48 MB; enforce Plugin.MemoryLimit or declare",
		},
		"reports that what spins has returned": {
			"resource_management", func(h *nativeHost) { h.noSpin = true },
			"spin: the call of a function that never returns was reported to have succeeded",
		},
		"does not isolate a crash": {
			"resource_management", func(h *nativeHost) { h.crashAll = true },
			"after another plugin misbehaved: native: plugin p0: status: the plugin has crashed",
		},
		"hides a crash": {
			"resource_management", func(h *nativeHost) { h.hideCrash = true },
			"crash: the call that crashed the plugin was reported to have succeeded",
		},
		"goes on after its end": {
			"resource_management", func(h *nativeHost) { h.undead = true },
			"the plugin answers after it went over its memory limit",
		},
		"does not pass questions on": {
			"communication", func(h *nativeHost) { h.mute = true },
			`ask: the plugin returned "", want "answer to The quick`,
		},
		"does not unload": {
			"lifecycle", func(h *nativeHost) { h.keepLoaded = true },
			"unload: the plugin still answers",
		},
		"does not hold": {
			"memory_intensive", func(h *nativeHost) { h.holdNothing = true },
			"peek: nothing is held at 0",
		},
		"answers for anybody": {
			"single_load", func(h *nativeHost) { h.anybody = true },
			"a plugin that was never loaded answers",
		},
		"does not close": {
			"single_load", func(h *nativeHost) { h.stuck = errors.New("stuck") },
			"native: close: stuck",
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			err := scenario(t, native(c.change), c.scenario).Execute(ctx, highwater.PassNatural, &recorder{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// What a host cannot do is left out when it is declared, and said.
func TestLacks(t *testing.T) {
	e := native(func(h *nativeHost) { h.noMemoryLimit, h.noSpin, h.mute = true, true, true })
	e.Lacks = []plugin.Lack{
		{Ability: plugin.TimeLimit, Reason: "nobody watches"},
		{Ability: plugin.MemoryLimit, Reason: "nobody counts"},
		{Ability: plugin.Callback, Reason: "one way only"},
	}
	for name, want := range map[string]string{
		"resource_management": "; no time limit: nobody watches; no memory limit: nobody counts",
		"communication":       "; no callback: one way only",
	} {
		s := scenario(t, e, name)
		if err := s.Execute(t.Context(), highwater.PassNatural, &recorder{}); err != nil {
			t.Error(err)
		}
		if !strings.HasSuffix(s.Doc, want) {
			t.Errorf("%s: described as %q, want it to end in %q", name, s.Doc, want)
		}
	}
}

func TestHostsThatCannotStart(t *testing.T) {
	e := plugin.Engine{Name: "none", New: func(context.Context, string) (plugin.Host, error) {
		return nil, errors.New("no licence")
	}}
	err := scenario(t, e, "single_load").Execute(t.Context(), highwater.PassNatural, &recorder{})
	if err == nil || err.Error() != "none: making the host: no licence" {
		t.Errorf("error %v", err)
	}
	e.Setup = func(context.Context, string) error { return os.ErrNotExist }
	err = scenario(t, e, "hot_reload").Execute(t.Context(), highwater.PassNatural, &recorder{})
	if !errors.Is(err, os.ErrNotExist) || err.Error() != "none: setting up: file does not exist" {
		t.Errorf("error %v", err)
	}
}

// Set-up comes before the baseline, the host after it.
func TestHostsAreMadeAfterStart(t *testing.T) {
	r := &recorder{}
	e := native(nil)
	e.Setup = func(context.Context, string) error {
		if r.started != 1 { // Execute itself calls it once
			t.Error("the set-up counts")
		}
		return nil
	}
	inner := e.New
	e.New = func(ctx context.Context, scenario string) (plugin.Host, error) {
		if r.started != 2 {
			t.Error("the host was made before the baseline was taken")
		}
		return inner(ctx, scenario)
	}
	if err := scenario(t, e, "single_load").Execute(t.Context(), highwater.PassExact, r); err != nil {
		t.Fatal(err)
	}
}

func TestEngineValidate(t *testing.T) {
	ok := native(nil)
	budget := func(scenario, metric, reason string) func(*plugin.Engine) {
		return func(e *plugin.Engine) {
			e.Budgets = []plugin.Budget{{Scenario: scenario, Limit: highwater.Limit{Metric: metric, Reason: reason}}}
		}
	}
	for want, change := range map[string]func(*plugin.Engine){
		`must not be empty`: func(e *plugin.Engine) { e.Name = "" },
		`or contain '/'`:    func(e *plugin.Engine) { e.Name = "a/b" },
		`New is nil`:        func(e *plugin.Engine) { e.New = nil },
		`unknown ability "memory limits"; did you mean "memory limit"?`: func(e *plugin.Engine) { e.Lacks = []plugin.Lack{{Ability: "memory limits", Reason: "r"}} },
		`lacks callback without a reason`:                               func(e *plugin.Engine) { e.Lacks = []plugin.Lack{{Ability: plugin.Callback}} },
		`unknown scenario "hot_relaod"; did you mean "hot_reload"?`:     budget("hot_relaod", highwater.Peak, "r"),
		`budget in hot_reload without a reason`:                         budget("hot_reload", highwater.Peak, ""),
		`unknown metric "peek"`:                                         budget("hot_reload", "peek", "r"),
	} {
		e := ok
		change(&e)
		if err := e.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	if err := ok.Validate(); err != nil {
		t.Error(err)
	}
}

// A budget takes the place of the suite's own limit for the same metric.
func TestBudgets(t *testing.T) {
	e := native(nil)
	e.Budgets = []plugin.Budget{
		{Scenario: "hot_reload", Limit: highwater.Limit{Metric: highwater.Retained, Bound: 1, Reason: "mine"}},
		{Scenario: "hot_reload", Limit: highwater.Limit{Metric: highwater.Peak, Bound: 2, Reason: "mine"}},
	}
	if limits := scenario(t, e, "hot_reload").Limits; len(limits) != 3 || limits[1].Bound != 1 || limits[2].Bound != 2 {
		t.Errorf("limits %+v", limits)
	}
	if limits := scenario(t, native(nil), "hot_reload").Limits; len(limits) != 2 || limits[1].Metric != highwater.Retained || limits[1].Reason == "" {
		t.Errorf("limits of the suite %+v, want one of what is retained, with a reason", limits)
	}
}
