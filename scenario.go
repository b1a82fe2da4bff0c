package highwater

import (
	"fmt"
	"strings"
)

// Pass is a kind of fresh process in which a scenario is measured. No figure is
// ever taken from the wrong kind; see docs/metrics.md.
type Pass string

// The passes.
const (
	// PassNatural runs under the user's own GOGC, GOMEMLIMIT and GOMAXPROCS,
	// with nothing forced: what does it cost the machine?
	PassNatural Pass = "natural"
	// PassExact runs with a stop-the-world collector and forced collections:
	// what does it hold? Its peak is canonical, not a production peak.
	PassExact Pass = "exact"
	// PassCollector runs under the user's own GOGC on one processor, where the
	// collector has no idle time to work in: how hard does it work?
	PassCollector Pass = "collector"
)

// Passes lists all passes in the order in which they are run: the exact pass
// chooses its profile rate from what the natural pass allocated.
func Passes() []Pass { return []Pass{PassNatural, PassCollector, PassExact} }

// Scenario is a named workload that is worth a memory budget.
type Scenario struct {
	Suite string // terminal_operations
	Name  string // scrollback

	// Variant tells apart scenarios of one name over several implementations,
	// such as the terminal engine. It belongs to the identity.
	Variant string

	Doc string // one sentence

	// Sessions is the number of live instances of the thing under test; results
	// are divided by it. It belongs to the identity. Zero means 1.
	Sessions int

	// Ops is how many operations the measured loop makes; see [M.Loop]. Zero
	// means 100.
	Ops int

	// Limits override the standard limits, metric by metric.
	Limits []Limit

	// NoBudget lifts the standard limits; those in Limits remain.
	NoBudget bool

	// NoLeak asks for the leak check: live memory must not keep growing over the
	// operations.
	NoLeak bool

	// Omit names the passes that mean nothing for this scenario, each with the
	// reason.
	Omit map[Pass]string

	// Env is added to the environment of the scenario's processes.
	Env []string

	// Run is the workload. It is called once in each fresh process.
	Run func(*M)
}

// DefaultOps is the number of operations of a scenario that does not say.
const DefaultOps = 100

// ID names the scenario in results and on the command line:
// suite/name or suite/name@variant.
func (s Scenario) ID() string { return s.Info().ID() }

// Info returns the scenario's description, without its workload.
func (s Scenario) Info() ScenarioInfo {
	i := ScenarioInfo{
		Suite: s.Suite, Name: s.Name, Variant: s.Variant, Doc: s.Doc,
		Sessions: max(s.Sessions, 1), Ops: s.Ops, Limits: s.Limits, NoBudget: s.NoBudget, NoLeak: s.NoLeak, Omit: s.Omit,
	}
	if i.Ops <= 0 {
		i.Ops = DefaultOps
	}
	return i
}

// Suite is a set of scenarios that belong together.
type Suite struct {
	Name      string
	Doc       string
	Scenarios []Scenario
}

// Validate reports scenarios that cannot be run or told apart.
func (s Suite) Validate() error {
	seen := map[string]bool{}
	for _, sc := range s.Scenarios {
		id := sc.ID()
		switch {
		case sc.Name == "" || strings.ContainsAny(sc.Name, "/@ \t\n"):
			return fmt.Errorf("scenario %q: the name must not be empty or contain '/', '@' or spaces", id)
		case sc.Run == nil:
			return fmt.Errorf("scenario %s: Run is nil", id)
		case sc.Doc == "":
			return fmt.Errorf("scenario %s: Doc is empty", id)
		case seen[id]:
			return fmt.Errorf("scenario %s stands twice in suite %s", id, s.Name)
		}
		seen[id] = true
		for _, l := range sc.Limits {
			if _, ok := MetricByName(l.Metric); !ok {
				return fmt.Errorf("scenario %s: limit on unknown metric %q", id, l.Metric)
			}
		}
	}
	return nil
}

// ScenarioInfo is what a Run file keeps of a scenario.
type ScenarioInfo struct {
	Suite    string          `json:"suite,omitempty"`
	Name     string          `json:"name"`
	Variant  string          `json:"variant,omitempty"`
	Doc      string          `json:"doc,omitempty"`
	Sessions int             `json:"sessions"`
	Ops      int             `json:"ops"`
	Limits   []Limit         `json:"limits,omitempty"`
	NoBudget bool            `json:"no_budget,omitempty"`
	NoLeak   bool            `json:"no_leak,omitempty"`
	Omit     map[Pass]string `json:"omit,omitempty"`
	// Outside marks a command without a probe. What only a probe can tell is not
	// missing then; see [Metric.Outside].
	Outside bool `json:"outside,omitempty"`
	// Lacks names the metrics that mean nothing for this scenario, each with the
	// reason: a program without a load leaves nothing behind, for example.
	Lacks map[string]string `json:"lacks,omitempty"`
}

// ID is suite/name or suite/name@variant.
func (s ScenarioInfo) ID() string {
	id := s.Name
	if s.Suite != "" {
		id = s.Suite + "/" + id
	}
	if s.Variant != "" {
		id += "@" + s.Variant
	}
	return id
}
