package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
)

// Rules are a file with one of its environments chosen.
type Rules struct {
	// Settings of the environment over those of the file.
	Settings Settings
	path     string
	// scopes are the file and the environment: where both speak of the same
	// group of scenarios, the environment wins.
	scopes []Scope
}

// In chooses the environment called env, none where env is empty. An unknown
// name is an error: a gate held to other limits than was asked for passes by
// accident.
func (f *File) In(env string) (Rules, error) {
	if f == nil {
		f = &File{}
	}
	r := Rules{Settings: f.Settings, path: f.Path, scopes: []Scope{f.Scope}}
	if env == "" {
		return r, nil
	}
	scope, ok := f.Environments[env]
	if !ok {
		names := slices.Sorted(maps.Keys(f.Environments))
		switch {
		case f.Path == "":
			return r, fmt.Errorf("environment %q: there is no %s that could define it", env, Name)
		case len(names) == 0:
			return r, fmt.Errorf("environment %q: %s defines no environments; add it under the key environments", env, f.Path)
		}
		hint := suggest.Hint(env, names)
		if hint == "" {
			hint = "; it defines " + strings.Join(names, ", ")
		}
		return r, fmt.Errorf("environment %q is not in %s%s", env, f.Path, hint)
	}
	r.Settings = scope.Settings.Over(f.Settings)
	r.scopes = append(r.scopes, scope)
	return r, nil
}

// Limits returns what a scenario is held to. The most specific place wins,
// metric by metric:
//
//  1. the standard limits, or the strict ones
//  2. limits: of the file, then of the environment; under strict only where
//     they are stricter still
//  3. suites: of the file, then of the environment
//  4. what the scenario declares itself, in its source
//  5. overrides: of the file, then of the environment, the later over the
//     earlier
//
// Limits are in the order of [highwater.Metrics].
func (r Rules) Limits(strict bool) func(highwater.ScenarioInfo) []highwater.Limit {
	return func(info highwater.ScenarioInfo) []highwater.Limit {
		got := map[string]highwater.Limit{}
		for _, l := range info.BaseLimits(strict) {
			got[l.Metric] = l
		}
		for _, s := range r.scopes {
			for metric, b := range s.Limits {
				if was, ok := got[metric]; strict && ok && (b.None || looser(metric, b.Value, was.Bound)) {
					continue
				}
				r.apply(got, metric, b, "")
			}
		}
		for _, j := range r.suites(info.ID()) {
			for metric, b := range j.Limits {
				r.apply(got, metric, b, "")
			}
		}
		for _, l := range info.Limits {
			got[l.Metric] = l
		}
		for _, o := range r.matching(info.ID()) {
			for metric, b := range o.Limits {
				r.apply(got, metric, b, o.Reason)
			}
		}
		var limits []highwater.Limit
		for _, m := range highwater.Metrics() {
			if l, ok := got[m.Name]; ok {
				limits = append(limits, l)
			}
		}
		return limits
	}
}

// apply sets or takes away one limit. Only an override has a reason to show: what
// holds for a whole suite is its usual budget.
func (r Rules) apply(to map[string]highwater.Limit, metric string, b Bound, reason string) {
	if b.None {
		delete(to, metric)
		return
	}
	if reason != "" {
		reason = fmt.Sprintf("%s (%s)", reason, r.Place(b.Line))
	}
	to[metric] = highwater.Limit{Metric: metric, Bound: b.Value, Reason: reason}
}

// looser reports whether bound a allows more than bound b.
func looser(metric string, a, b float64) bool {
	if m, _ := highwater.MetricByName(metric); m.HigherIsBetter {
		return a < b
	}
	return a > b
}

// Thresholds returns how much worse than its baseline a metric of a scenario
// may become: the metric's own default, then thresholds:, suites: and
// overrides: as in [Rules.Limits].
func (r Rules) Thresholds() func(id, metric string) highwater.Threshold {
	return func(id, metric string) highwater.Threshold {
		m, _ := highwater.MetricByName(metric)
		got := m.Relative
		take := func(j Judged) {
			if t, ok := j.Thresholds[metric]; ok {
				got = t
			}
		}
		for _, s := range r.scopes {
			take(s.Judged)
		}
		for _, j := range r.suites(id) {
			take(j)
		}
		for _, o := range r.matching(id) {
			take(o.Judged)
		}
		return got
	}
}

// suites returns what is said of the scenario's suite, the longest name last: a
// package may stand in a folder that is spoken of too.
func (r Rules) suites(id string) []Judged {
	var said []Judged
	for _, s := range r.scopes {
		for _, name := range slices.Sorted(maps.Keys(s.Suites)) {
			if inSuite(id, name) {
				said = append(said, s.Suites[name])
			}
		}
	}
	return said
}

func (r Rules) matching(id string) []Override {
	var os []Override
	for _, s := range r.scopes {
		for _, o := range s.Overrides {
			if Match(o.Scenario, id) {
				os = append(os, o)
			}
		}
	}
	return os
}

// Known returns the known regressions of the file and the environment.
func (r Rules) Known() []Known {
	var all []Known
	for _, s := range r.scopes {
		all = append(all, s.Known...)
	}
	return all
}

// Skipped says why the scenario with that ID is not to be measured, or the package
// with that import path. The reason ends with where it stands.
func (r Rules) Skipped(id string) (why string, skipped bool) {
	for _, s := range r.scopes {
		for _, k := range s.Skip {
			if Match(k.Scenario, id) {
				return fmt.Sprintf("%s (%s)", k.Reason, r.Place(k.Line)), true
			}
		}
	}
	return "", false
}

// Place names a line of the file.
func (r Rules) Place(line int) string { return fmt.Sprintf("%s:%d", r.path, line) }

// Check reports the suites and patterns of the file that name none of the
// scenarios that there are: what they say would silently hold for nothing. Those that
// begin with the path of one of the user's modules, if it is not empty, name its
// packages, which are known when they are built only.
func (f *File) Check(known []highwater.ScenarioInfo, modules ...string) error {
	if f == nil {
		return nil
	}
	var suites, ids []string
	for _, k := range known {
		suites, ids = append(suites, k.Suite), append(ids, k.ID())
	}
	built := func(name string) bool {
		if name == "command" || strings.HasPrefix(name, "command/") {
			return true // commands are known only when they are run
		}
		fixed := strings.TrimRight(name[:meta(name)], ".")
		return slices.ContainsFunc(modules, func(module string) bool {
			switch {
			case module == "":
				return false
			case name == module || strings.HasPrefix(name, module+"/"):
				return true
			default: // .../BenchmarkPut, or example.com/...
				return strings.Contains(name, dots) && strings.HasPrefix(module+"/", fixed)
			}
		})
	}
	var ps Problems
	check := func(s Scope) {
		for name, j := range s.Suites {
			if !built(name) && !slices.ContainsFunc(ids, func(id string) bool { return inSuite(id, name) }) {
				ps.add(f.Path, j.Line, "suites: there is no suite %q%s", name, suggest.Hint(name, suites))
			}
		}
		pattern := func(list, p string, line int) {
			if p != "" && !built(p) && !slices.ContainsFunc(ids, func(id string) bool { return Match(p, id) }) {
				ps.add(f.Path, line, "%s: no scenario matches %q%s", list, p, suggest.Hint(p, append(ids, suites...)))
			}
		}
		for _, o := range s.Overrides {
			pattern("overrides", o.Scenario, o.Line)
		}
		for _, k := range s.Known {
			pattern("known", k.Scenario, k.Line)
		}
		for _, k := range s.Skip {
			pattern("skip", k.Scenario, k.Line)
		}
	}
	check(f.Scope)
	for _, s := range f.Environments {
		check(s)
	}
	return ps.err()
}
