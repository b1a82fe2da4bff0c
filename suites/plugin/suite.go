package plugin

import (
	"context"
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/engine"
)

// Name is the name of the suite.
const Name = "plugin_system"

// Suite returns the eight scenarios over the engine. It panics when the engine
// is not valid; see [Engine.Validate].
func Suite(e Engine) highwater.Suite {
	if err := e.Validate(); err != nil {
		panic(err)
	}
	suite := highwater.Suite{
		Name: Name,
		Doc:  "a program and its plugins: loading, calling, events, limits, crashes and hot reload, every result checked",
	}
	for _, s := range scenarios {
		suite.Scenarios = append(suite.Scenarios, highwater.Scenario{
			Suite: Name, Name: s.name, Variant: e.Name, Doc: s.doc + e.without(s),
			Sessions: s.sessions, Ops: s.ops, Limits: engine.Limits(s.limits, e.Budgets, s.name), NoLeak: s.noLeak, Omit: s.omit,
			Run: func(m *highwater.M) { s.run(m, e) },
		})
	}
	return suite
}

// without says in the scenario's description what is not checked.
func (e Engine) without(s scenario) string {
	var parts []string
	for _, l := range e.Lacks {
		for _, need := range s.needs {
			if l.Ability == need {
				parts = append(parts, fmt.Sprintf("; no %s: %s", l.Ability, l.Reason))
			}
		}
	}
	return strings.Join(parts, "")
}

// run is the scenario's workload.
func (s scenario) run(m *highwater.M, e Engine) {
	if e.Setup != nil {
		if err := e.Setup(m.Context(), s.name); err != nil {
			m.Fatalf("%s: setting up: %w", e.Name, err)
		}
	}
	for _, n := range append([]int{40, 50, 200}, s.texts...) {
		text(n)
	}
	if s.rehearse {
		m.Check(rehearse(m.Context(), e, s))
	}
	m.Start()
	b, err := open(m.Context(), e, s)
	m.Check(err)
	m.Cleanup(func() {
		if err := b.host.Close(); err != nil {
			m.Fatalf("%s: close: %w", e.Name, err)
		}
	})
	m.KeepAlive(b)
	b.live = m.CheckpointSessions
	m.Check(s.build(b))
	for op := 0; m.Loop(); op++ {
		m.Check(s.step(b, op))
		b.ops++
	}
	m.Check(b.check())
}

// rehearse is the whole life of a host with all of the scenario's plugins, before
// the baseline: what a library makes once in a process, and keeps, is not what
// the scenario leaks.
func rehearse(ctx context.Context, e Engine, s scenario) error {
	b, err := open(ctx, e, s)
	if err != nil {
		return err
	}
	if err = s.build(b); err == nil {
		err = s.step(b, 0)
	}
	if closed := b.host.Close(); err == nil && closed != nil {
		err = fmt.Errorf("%s: close: %w", e.Name, closed)
	}
	return err
}
