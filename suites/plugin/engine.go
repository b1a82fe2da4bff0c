package plugin

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/highwater-dev/highwater/suites/internal/engine"
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

// Budget is a limit of one scenario for one engine. Its Reason is required.
type Budget = engine.Budget

// Validate reports an engine that the suite cannot be run over.
func (e Engine) Validate() error {
	c := &engine.Checker{Kind: "plugin", Name: e.Name, Scenarios: Scenarios()}
	if err := c.Named(); err != nil {
		return err
	}
	if e.New == nil {
		c.Wrong("New is nil")
		return errors.Join(c.Errs...)
	}
	for _, l := range e.Lacks {
		if !slices.Contains(Abilities(), l.Ability) {
			c.Wrong("lacks the unknown ability %q%s (abilities: %s)",
				l.Ability, suggest.Hint(string(l.Ability), names(Abilities())), strings.Join(names(Abilities()), ", "))
		} else if l.Reason == "" {
			c.Wrong("lacks %s without a reason", l.Ability)
		}
	}
	c.Budgets(e.Budgets)
	return errors.Join(c.Errs...)
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
