package terminal

import (
	"fmt"
	"sync"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/engine"
)

// Name is the name of the suite.
const Name = "terminal_operations"

// Suite returns the eight scenarios over the engine. It panics when the engine
// is not valid; see [Engine.Validate].
func Suite(e Engine) highwater.Suite {
	if err := e.Validate(); err != nil {
		panic(err)
	}
	suite := highwater.Suite{
		Name: Name,
		Doc:  "terminal emulators at work: recordings of real programs and generated logs, checked against tmux",
	}
	for _, s := range scenarios {
		suite.Scenarios = append(suite.Scenarios, highwater.Scenario{
			Suite: Name, Name: s.name, Variant: e.Name, Doc: s.doc,
			Sessions: len(sizes), Ops: s.ops, Limits: engine.Limits(nil, e.Budgets, s.name),
			Run: func(m *highwater.M) { s.run(m, e) },
		})
	}
	return suite
}

// run is the scenario's workload. Its number of operations does not matter to
// what is checked: it always comes to the end of a cycle first.
func (s scenario) run(m *highwater.M, e Engine) {
	in, err := s.load()
	m.Check(err)
	m.Start()
	sessions := make([]*session, m.Sessions())
	for i := range sessions {
		at := sizes[i%len(sizes)]
		sessions[i], err = open(s, e, at, in)
		m.Check(err)
		m.Cleanup(func() {
			if err := sessions[i].term.Close(); err != nil {
				m.Fatalf("%s at %s: close: %w", e.Name, at, err)
			}
		})
	}
	m.KeepAlive(sessions)
	each := func(f func(*session) error) {
		for _, session := range sessions {
			err := f(session)
			if err != nil && e.Hint != "" {
				err = fmt.Errorf("%w\n%s", err, e.Hint)
			}
			if err != nil {
				m.Fatalf("%s at %s: %w", e.Name, session.size, err)
			}
		}
	}
	each((*session).prelude)
	next := 0
	step := func() {
		each(func(session *session) error { return session.step(next) })
		next = (next + 1) % in.length
	}
	for m.Loop() {
		step()
	}
	for next != 0 {
		step()
	}
	each((*session).compare)
	// The screens along the way are compared in the tear-down of the natural
	// pass, in which nothing is measured any more: to read them is to allocate.
	if m.Pass() == highwater.PassNatural {
		m.Cleanup(func() {
			each(func(session *session) error { return session.verify(s) })
		})
	}
}

// input is what the sessions of a scenario share.
type input struct {
	workloads map[size]workload
	expected  map[size]expectation
	length    int // steps in a cycle, at all sizes
}

// loaded keeps every input that was made for as long as the process lives. It
// was there before the baseline, so it must be there after tear-down too, or its
// going would hide what the sessions fail to give back.
var loaded sync.Map // from a scenario's name to its *input

// load makes the input of all sizes and reads what tmux showed after it.
func (s scenario) load() (*input, error) {
	if in, ok := loaded.Load(s.name); ok {
		return in.(*input), nil
	}
	in := &input{workloads: map[size]workload{}, expected: map[size]expectation{}}
	for _, at := range sizes {
		w, err := s.workload(at)
		if in.length == 0 {
			in.length = len(w.cycle)
		}
		if err == nil && len(w.cycle) != in.length {
			err = fmt.Errorf("a cycle of %d steps, and of %d at %s", len(w.cycle), in.length, sizes[0])
		}
		if err == nil {
			in.expected[at], err = s.expectation(at, w)
		}
		if err != nil {
			return nil, fmt.Errorf("making the input of %s at %s: %w", s.name, at, err)
		}
		in.workloads[at] = w
	}
	loaded.Store(s.name, in)
	return in, nil
}
