package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
)

// Engine is a plugin host that the suite can be run over.
type Engine struct {
	Name string // short and unique: it is the variant in the scenarios' identity
	Doc  string // one sentence

	// Setup makes what all hosts of a process share, such as compiled code. It is
	// called before the baseline is taken, so that this does not count, and is
	// to keep it for as long as the process lives. It may be nil.
	Setup func(ctx context.Context, scenario string) error

	// New makes a host for one of the [Scenarios]; most hosts do not care which.
	New func(ctx context.Context, scenario string) (Host, error)

	// Lacks are the abilities that the host does not have. They are part of the
	// value so that they can be seen: what lacks without being declared fails
	// the scenario that needs it.
	Lacks []Lack

	// Budgets are limits of single scenarios that take the place of the
	// standard ones for this engine. Reports show them with their reasons.
	Budgets []Budget
}

// Lack takes the checks that need the ability out of the scenarios.
type Lack struct {
	Ability Ability
	Reason  string // why, in a sentence; required
}

// Budget is a limit of one scenario for one engine.
type Budget struct {
	Scenario        string
	highwater.Limit // its Reason is required
}

// Validate reports an engine that the suite cannot be run over.
func (e Engine) Validate() error {
	switch {
	case e.Name == "" || strings.ContainsAny(e.Name, "/@ \t\n"):
		return fmt.Errorf("plugin engine %q: the name must not be empty or contain '/', '@' or spaces", e.Name)
	case e.New == nil:
		return fmt.Errorf("plugin engine %s: New is nil", e.Name)
	}
	var errs []error
	for _, l := range e.Lacks {
		if !slices.Contains(Abilities(), l.Ability) {
			errs = append(errs, fmt.Errorf("plugin engine %s: lacks the unknown ability %q%s (abilities: %s)",
				e.Name, l.Ability, suggest.Hint(string(l.Ability), names(Abilities())), strings.Join(names(Abilities()), ", ")))
		} else if l.Reason == "" {
			errs = append(errs, fmt.Errorf("plugin engine %s: lacks %s without a reason", e.Name, l.Ability))
		}
	}
	for _, b := range e.Budgets {
		if !slices.Contains(Scenarios(), b.Scenario) {
			errs = append(errs, fmt.Errorf("plugin engine %s: budget in unknown scenario %q%s (scenarios: %s)",
				e.Name, b.Scenario, suggest.Hint(b.Scenario, Scenarios()), strings.Join(Scenarios(), ", ")))
		} else if b.Reason == "" {
			errs = append(errs, fmt.Errorf("plugin engine %s: budget in %s without a reason", e.Name, b.Scenario))
		}
		if _, ok := highwater.MetricByName(b.Metric); !ok {
			errs = append(errs, fmt.Errorf("plugin engine %s: budget in %s for unknown metric %q", e.Name, b.Scenario, b.Metric))
		}
	}
	return errors.Join(errs...)
}

// names are the abilities as plain text.
func names(abilities []Ability) []string {
	out := make([]string, len(abilities))
	for i, a := range abilities {
		out[i] = string(a)
	}
	return out
}

// lacks reports whether the host does not have the ability.
func (e Engine) lacks(a Ability) bool {
	return slices.ContainsFunc(e.Lacks, func(l Lack) bool { return l.Ability == a })
}

// limits are the scenario's own limits, with the engine's in the place of those
// for the same metric.
func (e Engine) limits(s scenario) []highwater.Limit {
	limits := slices.Clone(s.limits)
	for _, b := range e.Budgets {
		if b.Scenario != s.name {
			continue
		}
		limits = slices.DeleteFunc(limits, func(l highwater.Limit) bool { return l.Metric == b.Metric })
		limits = append(limits, b.Limit)
	}
	return limits
}
