package terminal

import (
	"fmt"
	"sync"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/terminal/internal/script"
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
			Sessions: len(sizes), Ops: s.ops, Limits: e.limits(s.name),
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
		sessions[i], err = open(s, e, at)
		m.Check(err)
		m.Cleanup(func() {
			if err := sessions[i].term.Close(); err != nil {
				m.Fatalf("%s at %s: close: %w", e.Name, at, err)
			}
		})
	}
	m.KeepAlive(sessions)
	do := func(part string, steps func(workload) []script.Step, from, to int) {
		for i, session := range sessions {
			for n, step := range steps(in.workloads[i%len(sizes)])[from:to] {
				if err := session.do(step); err != nil {
					m.Fatalf("%s at %s: step %d of the %s: %w", e.Name, session.size, from+n, part, err)
				}
			}
		}
	}
	all := func(part string, steps func(workload) []script.Step) {
		do(part, steps, 0, len(steps(in.workloads[0])))
	}
	prelude := func(w workload) []script.Step { return w.prelude }
	cycle := func(w workload) []script.Step { return w.cycle }
	closing := func(w workload) []script.Step { return w.closing }

	all("prelude", prelude)
	length, next := len(in.workloads[0].cycle), 0
	for m.Loop() {
		do("cycle", cycle, next, next+1)
		next = (next + 1) % length
	}
	if next != 0 {
		do("cycle", cycle, next, length)
	}
	for _, session := range sessions {
		m.Check(session.compare(in.expected[session.size], false))
	}
	all("closing", closing)
	for _, session := range sessions {
		m.Check(session.compare(in.expected[session.size], true))
	}
}

// input is what the sessions of a scenario share.
type input struct {
	workloads []workload // in the order of sizes
	expected  map[size]expectation
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
	in := &input{expected: map[size]expectation{}}
	for _, at := range sizes {
		w, err := s.workload(at)
		if err == nil && len(in.workloads) > 0 && len(w.cycle) != len(in.workloads[0].cycle) {
			err = fmt.Errorf("a cycle of %d steps, and of %d at %s", len(w.cycle), len(in.workloads[0].cycle), sizes[0])
		}
		if err == nil {
			in.expected[at], err = s.expectation(at, w)
		}
		if err != nil {
			return nil, fmt.Errorf("making the input of %s at %s: %w", s.name, at, err)
		}
		in.workloads = append(in.workloads, w)
	}
	loaded.Store(s.name, in)
	return in, nil
}
