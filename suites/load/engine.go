package load

import (
	"context"
	"errors"
	"time"

	"github.com/highwater-dev/highwater/suites/internal/engine"
)

// Engine is a set of servers that the suite can be run over. What it does not
// have is nil, and the scenarios that need it are not in its suite.
type Engine struct {
	Name string // short and unique: it is the variant in the scenarios' identity
	Doc  string // one sentence

	New     func() (Server, error)                    // a server of terminal sessions
	SSH     *SSH                                      // a server that listens for SSH
	Plugins func(context.Context) (PluginHost, error) // a host of plugins

	// Setup makes what all servers of a process share, such as compiled code. It
	// is called before the baseline is taken, so that this does not count, and is
	// to keep it for as long as the process lives. It may be nil.
	Setup func(ctx context.Context, scenario string) error

	// Patience is how long nothing may get done before the scenario fails. Zero
	// means 20 seconds. It is there to name a session that is stuck; that a
	// server is slow is not what the suite is about.
	Patience time.Duration

	// Budgets are limits of single scenarios that take the place of the
	// standard ones for this engine. Reports show them with their reasons.
	Budgets []Budget
}

// Budget is a limit of one scenario for one engine. Its Reason is required.
type Budget = engine.Budget

const defaultPatience = 20 * time.Second

func (e Engine) patience() time.Duration {
	if e.Patience > 0 {
		return e.Patience
	}
	return defaultPatience
}

// Validate reports an engine that the suite cannot be run over.
func (e Engine) Validate() error {
	c := &engine.Checker{Kind: "load", Name: e.Name, Scenarios: Scenarios()}
	if err := c.Named(); err != nil {
		return err
	}
	switch {
	case e.New == nil && e.SSH == nil && e.Plugins == nil:
		c.Wrong("New, SSH and Plugins are all nil: there is nothing to measure")
	case e.SSH != nil && (e.SSH.Listen == nil || e.SSH.Dialogue == nil || e.SSH.Greeting == ""):
		c.Wrong("SSH needs Listen, Greeting and Dialogue: without them no client could tell whether it was served")
	default:
		c.Budgets(e.Budgets)
	}
	return errors.Join(c.Errs...)
}
