package soak

import (
	"errors"
	"time"

	"github.com/highwater-dev/highwater/suites/internal/engine"
	"github.com/highwater-dev/highwater/suites/terminal"
)

// Engine is a terminal emulator that the suite can be run over.
type Engine struct {
	Name string // short and unique: it is the variant in the scenarios' identity
	Doc  string // one sentence

	// New makes a terminal of that size which keeps the given number of lines
	// of scrollback, if it keeps any.
	New func(cols, rows, scrollback int) (terminal.Terminal, error)

	// Patience is how long a step may take until its effect is on the screen. Zero
	// means 30 seconds. It is there to notice that nothing happens any more; how
	// fast things happen is measured elsewhere.
	Patience time.Duration

	// Hint is added to the errors of the engine's sessions: what a reader must
	// know of the engine to judge them. Empty for most.
	Hint string

	// Budgets are limits of single scenarios that take the place of the
	// standard ones for this engine. Reports show them with their reasons.
	Budgets []Budget
}

// Budget is a limit of one scenario for one engine. Its Reason is required.
type Budget = engine.Budget

const defaultPatience = 30 * time.Second

// Over makes an engine of this suite of one of suites/terminal. Budgets and
// deviations are about the scenarios there, and are not taken over.
func Over(e terminal.Engine) Engine {
	return Engine{Name: e.Name, Doc: e.Doc, New: e.New, Hint: e.Hint}
}

func (e Engine) patience() time.Duration {
	if e.Patience > 0 {
		return e.Patience
	}
	return defaultPatience
}

// Validate reports an engine that the suite cannot be run over.
func (e Engine) Validate() error {
	c := &engine.Checker{Kind: "soak", Name: e.Name, Scenarios: Scenarios()}
	if err := c.Named(); err != nil {
		return err
	}
	if e.New == nil {
		c.Wrong("New is nil")
	}
	c.Budgets(e.Budgets)
	return errors.Join(c.Errs...)
}
