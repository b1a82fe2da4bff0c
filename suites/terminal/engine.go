package terminal

import (
	"errors"
	"fmt"

	"github.com/highwater-dev/highwater/suites/internal/engine"
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

// Budget is a limit of one scenario for one engine. Its Reason is required.
type Budget = engine.Budget

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
	c := &engine.Checker{Kind: "terminal", Name: e.Name, Scenarios: Scenarios()}
	if err := c.Named(); err != nil {
		return err
	}
	if e.New == nil {
		c.Wrong("New is nil")
		return errors.Join(c.Errs...)
	}
	for _, d := range e.Deviations {
		c.Declared("deviation", d.Scenario, d.Reason)
	}
	c.Budgets(e.Budgets)
	return errors.Join(c.Errs...)
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
