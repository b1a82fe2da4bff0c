package load

import (
	"context"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/engine"
)

// Name is the name of the suite.
const Name = "load_testing"

// scenario describes one of the suite's scenarios.
type scenario struct {
	name, doc     string
	sessions, ops int
	limits        []highwater.Limit
	noLeak        bool
	omit          map[highwater.Pass]string
	env           []string
	has           func(Engine) bool // what it needs

	// input makes what is there before the baseline, and stays. It may be nil.
	input func(context.Context) error
	run   func(*highwater.M, Engine)
}

// scenarios is a function because Engine.Validate needs the names.
func scenarios() []scenario {
	return []scenario{
		concurrentSessions(), highFrequencyUpdates(), multiSession(), sessionChurn(), ansiStress(), memoryPressure(),
		concurrentPlugins(), mixedStress(),
	}
}

// Suite returns the scenarios over the engine: eight, or those for which it has
// what they need. It panics when the engine is not valid; see [Engine.Validate].
func Suite(e Engine) highwater.Suite {
	if err := e.Validate(); err != nil {
		panic(err)
	}
	suite := highwater.Suite{
		Name: Name,
		Doc:  "session servers and plugin hosts under load: many at once, coming and going, hostile, short of memory",
	}
	for _, s := range scenarios() {
		if !s.has(e) {
			continue
		}
		suite.Scenarios = append(suite.Scenarios, highwater.Scenario{
			Suite: Name, Name: s.name, Variant: e.Name, Doc: s.doc,
			Sessions: s.sessions, Ops: s.ops, Limits: engine.Limits(s.limits, e.Budgets, s.name), NoLeak: s.noLeak, Omit: s.omit, Env: s.env,
			Run: func(m *highwater.M) { s.start(m, e) },
		})
	}
	return suite
}

// start runs the scenario. What is made before the baseline is the suite's input
// and what the engine's servers share.
func (s scenario) start(m *highwater.M, e Engine) {
	if e.Setup != nil {
		if err := e.Setup(m.Context(), s.name); err != nil {
			m.Fatalf("%s: setting up: %w", e.Name, err)
		}
	}
	if s.input != nil {
		m.Check(s.input(m.Context()))
	}
	m.Start()
	s.run(m, e)
}

// Scenarios returns the names of the suite's scenarios.
func Scenarios() []string {
	var names []string
	for _, s := range scenarios() {
		names = append(names, s.name)
	}
	return names
}

func hasServer(e Engine) bool  { return e.New != nil }
func hasSSH(e Engine) bool     { return e.SSH != nil }
func hasPlugins(e Engine) bool { return e.Plugins != nil }
