package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
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

// Budget is a limit of one scenario for one engine.
type Budget struct {
	Scenario        string
	highwater.Limit // its Reason is required
}

const defaultPatience = 20 * time.Second

func (e Engine) patience() time.Duration {
	if e.Patience > 0 {
		return e.Patience
	}
	return defaultPatience
}

// Validate reports an engine that the suite cannot be run over.
func (e Engine) Validate() error {
	switch {
	case e.Name == "" || strings.ContainsAny(e.Name, "/@ \t\n"):
		return fmt.Errorf("load engine %q: the name must not be empty or contain '/', '@' or spaces", e.Name)
	case e.New == nil && e.SSH == nil && e.Plugins == nil:
		return fmt.Errorf("load engine %s: New, SSH and Plugins are all nil: there is nothing to measure", e.Name)
	case e.SSH != nil && (e.SSH.Listen == nil || e.SSH.Dialogue == nil || e.SSH.Greeting == ""):
		return fmt.Errorf("load engine %s: SSH needs Listen, Greeting and Dialogue: without them no client could tell whether it was served", e.Name)
	}
	var errs []error
	for _, b := range e.Budgets {
		if !slices.Contains(Scenarios(), b.Scenario) {
			errs = append(errs, fmt.Errorf("load engine %s: budget in unknown scenario %q%s (scenarios: %s)",
				e.Name, b.Scenario, suggest.Hint(b.Scenario, Scenarios()), strings.Join(Scenarios(), ", ")))
		} else if b.Reason == "" {
			errs = append(errs, fmt.Errorf("load engine %s: budget in %s without a reason", e.Name, b.Scenario))
		}
		if _, ok := highwater.MetricByName(b.Metric); !ok {
			errs = append(errs, fmt.Errorf("load engine %s: budget in %s for unknown metric %q", e.Name, b.Scenario, b.Metric))
		}
	}
	return errors.Join(errs...)
}

// limits are the scenario's own, with those that the engine puts in their place.
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
