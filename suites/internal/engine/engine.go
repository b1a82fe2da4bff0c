// Package engine is what the engines of all suites have in common: a name, and
// budgets of their own. Errors begin with the kind of engine and its name.
package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
)

// Budget is a limit of one scenario for one engine.
type Budget struct {
	Scenario        string
	highwater.Limit // its Reason is required
}

// Checker collects what is wrong with what an engine declares.
type Checker struct {
	Kind, Name string   // terminal, midterm
	Scenarios  []string // of the suite
	Errs       []error
}

// Wrong adds an error about the engine.
func (c *Checker) Wrong(format string, args ...any) {
	c.Errs = append(c.Errs, fmt.Errorf("%s engine %s: %s", c.Kind, c.Name, fmt.Sprintf(format, args...)))
}

// Named reports a name that cannot be the variant in a scenario's identity.
func (c *Checker) Named() error {
	if c.Name == "" || strings.ContainsAny(c.Name, "/@ \t\n") {
		return fmt.Errorf("%s engine %q: the name must not be empty or contain '/', '@' or spaces", c.Kind, c.Name)
	}
	return nil
}

// Declared looks at a declaration about a scenario: a budget, a deviation.
func (c *Checker) Declared(what, scenario, reason string) {
	if !slices.Contains(c.Scenarios, scenario) {
		c.Wrong("%s in unknown scenario %q%s (scenarios: %s)",
			what, scenario, suggest.Hint(scenario, c.Scenarios), strings.Join(c.Scenarios, ", "))
	} else if reason == "" {
		c.Wrong("%s in %s without a reason", what, scenario)
	}
}

// Budgets looks at all budgets.
func (c *Checker) Budgets(budgets []Budget) {
	for _, b := range budgets {
		c.Declared("budget", b.Scenario, b.Reason)
		if _, ok := highwater.MetricByName(b.Metric); !ok {
			c.Wrong("budget in %s for unknown metric %q", b.Scenario, b.Metric)
		}
	}
}

// Limits are a scenario's own limits, with the engine's in the place of those on
// the same metric.
func Limits(own []highwater.Limit, budgets []Budget, scenario string) []highwater.Limit {
	var over []highwater.Limit
	for _, b := range budgets {
		if b.Scenario == scenario {
			over = append(over, b.Limit)
		}
	}
	return highwater.MergeLimits(own, over)
}
