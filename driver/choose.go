package driver

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/highwater-dev/highwater/internal/target"
)

// everything lists all scenarios of all suites over all engines, in the order
// in which reports show them, each with this program as what runs it.
func (c Config) everything() ([]target.Target, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the executable that runs the scenarios, which is this one: %w", err)
	}
	var all []target.Target
	for _, s := range c.Suites {
		engines := []string{""}
		if len(s.Engines) > 0 {
			engines = nil
			for _, e := range s.Engines {
				engines = append(engines, e.Name)
			}
		}
		for _, e := range engines {
			made, err := s.New(e)
			if err == nil {
				err = made.Validate()
			}
			for _, sc := range made.Scenarios {
				if err == nil && sc.Suite != s.Name {
					err = fmt.Errorf("scenario %s says that its suite is %q", sc.Name, sc.Suite)
				}
			}
			if err != nil {
				return nil, fmt.Errorf("suite %s: %w", s.Name, err)
			}
			for _, sc := range made.Scenarios {
				all = append(all, target.Target{Info: sc.Info(), Path: exe, Env: sc.Env})
			}
		}
	}
	return all, nil
}

// find looks a scenario up for a process that is to run it. It makes only the
// suite and engine that the ID names, so that little but the scenario is in the
// measured process.
func (c Config) find(id string) (highwater.Scenario, bool) {
	for _, s := range c.Suites {
		if !strings.HasPrefix(id, s.Name+"/") {
			continue
		}
		_, variant, _ := strings.Cut(id, "@")
		engine := ""
		if slices.ContainsFunc(s.Engines, func(e Engine) bool { return e.Name == variant }) {
			engine = variant
		}
		made, err := s.New(engine)
		if err != nil {
			continue
		}
		for _, sc := range made.Scenarios {
			if sc.ID() == id {
				return sc, true
			}
		}
	}
	return highwater.Scenario{}, false
}

// choose returns what of all the patterns name, over the engines that are
// named: with none named each suite's default one. A pattern with a variant
// (…@xvt) names the engine itself. No pattern at all means "all", and that is
// everything but suites which run on request.
//
// Packages that were named all run, unless a pattern names scenarios in them:
// then those alone.
func (c Config) choose(all, packages []target.Target, patterns, engines []string) ([]target.Target, error) {
	if err := c.checkEngines(engines); err != nil {
		return nil, err
	}
	if len(patterns) == 0 {
		if len(packages) > 0 {
			return packages, nil
		}
		patterns = []string{"all"}
	}
	matched := make([]bool, len(patterns))
	named := func(targets []target.Target) []target.Target {
		var chosen []target.Target
		for _, t := range targets {
			take := false
			for i, p := range patterns {
				if c.match(p, t.Info) {
					matched[i] = true
					take = take || strings.Contains(p, "@") || c.wanted(t.Info, engines)
				}
			}
			if take {
				chosen = append(chosen, t)
			}
		}
		return chosen
	}
	chosen, inPackages := named(all), named(packages)
	if len(inPackages) == 0 {
		inPackages = packages
	}
	for i, p := range patterns {
		if !matched[i] {
			return nil, unknownScenario(p, append(all, packages...))
		}
	}
	return append(chosen, inPackages...), nil
}

// match is config.Match, but that "all" leaves out suites which run on request.
func (c Config) match(pattern string, info highwater.ScenarioInfo) bool {
	if pattern == "all" && slices.ContainsFunc(c.Suites, func(s Suite) bool { return s.OnRequest && s.Name == info.Suite }) {
		return false
	}
	return config.Match(pattern, info.ID())
}

// wanted reports whether the scenario's variant is among the engines.
func (c Config) wanted(info highwater.ScenarioInfo, engines []string) bool {
	for _, s := range c.Suites {
		if s.Name != info.Suite || len(s.Engines) == 0 {
			continue
		}
		if len(engines) == 0 {
			return info.Variant == s.Engines[0].Name
		}
		return slices.Contains(engines, info.Variant) || slices.Contains(engines, "all")
	}
	return true
}

// selected reports whether the patterns, engines and packages ask for a scenario
// that a baseline has: one that they do not ask for is not missing.
func (c Config) selected(info highwater.ScenarioInfo, patterns, engines []string, packages func(importPath string) bool) bool {
	for _, p := range patterns {
		if c.match(p, info) {
			return strings.Contains(p, "@") || c.wanted(info, engines)
		}
	}
	if packages != nil {
		builtIn := slices.ContainsFunc(c.Suites, func(s Suite) bool { return s.Name == info.Suite })
		return !builtIn && packages(info.Suite)
	}
	return len(patterns) == 0 && c.match("all", info) && c.wanted(info, engines)
}

// engineNames lists the engines of all suites, each once.
func (c Config) engineNames() []string {
	var names []string
	for _, s := range c.Suites {
		for _, e := range s.Engines {
			if !slices.Contains(names, e.Name) {
				names = append(names, e.Name)
			}
		}
	}
	return names
}

func (c Config) checkEngines(engines []string) error {
	names := append(c.engineNames(), "all")
	for _, e := range engines {
		if slices.Contains(names, e) {
			continue
		}
		hint := suggest.Hint(e, names)
		if hint == "" {
			hint = "; engines are " + strings.Join(names, ", ")
		}
		return usagef("unknown engine %q%s", e, hint)
	}
	return nil
}

// unknownScenario says what a pattern that matches nothing was probably meant
// to be. A scenario's bare name gets its full one.
func unknownScenario(pattern string, all []target.Target) error {
	var names, bare, full []string
	for _, info := range infos(all) {
		plain, _, _ := strings.Cut(info.ID(), "@")
		for _, n := range []string{info.Suite, plain, info.ID()} {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
		bare, full = append(bare, info.Name), append(full, plain)
	}
	hint := suggest.Hint(pattern, names)
	if near := suggest.Nearest(pattern, bare); near != "" && !strings.Contains(pattern, "/") {
		hint = fmt.Sprintf("; did you mean %q?", full[slices.Index(bare, near)])
	}
	if hint == "" {
		hint = "; --list shows all"
	}
	return usagef("no scenario matches %q%s", pattern, hint)
}
