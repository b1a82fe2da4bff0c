package terminal

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Engine is a terminal emulator that the suite can be run over.
type Engine struct {
	Name string // short and unique: it is the variant in the scenarios' identity
	Doc  string // one sentence

	// New makes a terminal of that size which keeps the given number of lines
	// of scrollback, if it keeps any.
	New func(cols, rows, scrollback int) (Terminal, error)

	// Deviations are the scenarios in which the engine's screen is known to
	// differ from tmux's. They are part of the value so that they can be seen:
	// a screen that differs without one fails the scenario.
	Deviations []Deviation
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
	for _, d := range e.Deviations {
		switch {
		case !slices.Contains(Scenarios(), d.Scenario):
			errs = append(errs, fmt.Errorf("terminal engine %s: deviation in unknown scenario %q: want one of %s", e.Name, d.Scenario, strings.Join(Scenarios(), ", ")))
		case d.Reason == "":
			errs = append(errs, fmt.Errorf("terminal engine %s: deviation in %s without a reason", e.Name, d.Scenario))
		}
	}
	return errors.Join(errs...)
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
