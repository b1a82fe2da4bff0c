package terminal

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
)

// Engine is a terminal emulator that the suite can be run over.
type Engine struct {
	Name string // short and unique: it is the variant in the scenarios' identity
	Doc  string // one sentence

	// New makes a terminal of that size which keeps the given number of lines
	// of scrollback, if it keeps any.
	New func(cols, rows, scrollback int) (Terminal, error)

	// Hint is added to the errors of the engine's sessions: what a reader must
	// know of the engine to judge them. Empty for most.
	Hint string

	// Deviations are the scenarios in which the engine's screen is known to
	// differ from tmux's. They are part of the value so that they can be seen:
	// a screen that differs without one fails the scenario.
	Deviations []Deviation

	// Budgets are limits of single scenarios that take the place of the
	// standard ones for this engine. Reports show them with their reasons.
	Budgets []Budget
}

// Budget is a limit of one scenario for one engine.
type Budget struct {
	Scenario        string
	highwater.Limit // its Reason is required
}

// Deviation loosens the check of one scenario's screens for one engine.
type Deviation struct {
	Scenario string
	Level    Level
	Reason   string // why, in a sentence; required
}

// Level says how closely a screen must agree with the one from tmux.
type Level int

// The levels, from strict to lax. All compare every row of the screen.
const (
	// LevelExact wants the same text in the same columns.
	LevelExact Level = iota
	// LevelRunes wants the same characters in the same rows, wherever in the
	// row they stand: spaces do not count.
	LevelRunes
	// LevelBases is LevelRunes without the marks that combine with another
	// character, joiners and variation selectors.
	LevelBases
)

// String is the level's name.
func (l Level) String() string {
	switch l {
	case LevelExact:
		return "exact"
	case LevelRunes:
		return "runes"
	case LevelBases:
		return "base runes"
	}
	return fmt.Sprintf("Level(%d)", int(l))
}

// Validate reports an engine that the suite cannot be run over.
func (e Engine) Validate() error {
	switch {
	case e.Name == "" || strings.ContainsAny(e.Name, "/@ \t\n"):
		return fmt.Errorf("terminal engine %q: the name must not be empty or contain '/', '@' or spaces", e.Name)
	case e.New == nil:
		return fmt.Errorf("terminal engine %s: New is nil", e.Name)
	}
	var errs []error
	declared := func(what, scenario, reason string) {
		if !slices.Contains(Scenarios(), scenario) {
			errs = append(errs, fmt.Errorf("terminal engine %s: %s in unknown scenario %q%s (scenarios: %s)",
				e.Name, what, scenario, suggest.Hint(scenario, Scenarios()), strings.Join(Scenarios(), ", ")))
		} else if reason == "" {
			errs = append(errs, fmt.Errorf("terminal engine %s: %s in %s without a reason", e.Name, what, scenario))
		}
	}
	for _, d := range e.Deviations {
		declared("deviation", d.Scenario, d.Reason)
	}
	for _, b := range e.Budgets {
		declared("budget", b.Scenario, b.Reason)
		if _, ok := highwater.MetricByName(b.Metric); !ok {
			errs = append(errs, fmt.Errorf("terminal engine %s: budget in %s for unknown metric %q", e.Name, b.Scenario, b.Metric))
		}
	}
	return errors.Join(errs...)
}

func (e Engine) limits(scenario string) []highwater.Limit {
	var limits []highwater.Limit
	for _, b := range e.Budgets {
		if b.Scenario == scenario {
			limits = append(limits, b.Limit)
		}
	}
	return limits
}

// level is what the engine is held to in a scenario whose own level is atLeast.
func (e Engine) level(scenario string, atLeast Level) Level {
	for _, d := range e.Deviations {
		if d.Scenario == scenario {
			atLeast = max(atLeast, d.Level)
		}
	}
	return atLeast
}
