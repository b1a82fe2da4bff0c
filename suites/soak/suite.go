package soak

import (
	"errors"
	"fmt"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/engine"
)

// Name is the name of the suite.
const Name = "soak"

// The size of every session, and the lines of scrollback that it is asked to keep.
const (
	cols, rows      = 80, 24
	scrollbackLines = 1000
)

// scenario describes one of the suite's scenarios.
type scenario struct {
	name, doc string
	ops       int     // in the passes of a gate, some seconds' worth
	program   program // what runs in the pseudo-terminal
	files     func() map[string]string
	open      func(*console) user
}

// user is whoever sits at a console.
type user interface {
	// begin starts the program.
	begin()
	// round does everything once. It is told how many rounds there were.
	round(n int)
}

// scenarios is a function because Engine.Validate needs the names.
func scenarios() []scenario { return []scenario{vimSession(), interactiveShell(), logStreaming()} }

// Suite returns the three scenarios over the engine. It panics when the engine is
// not valid; see [Engine.Validate].
func Suite(e Engine) highwater.Suite {
	if err := e.Validate(); err != nil {
		panic(err)
	}
	suite := highwater.Suite{
		Name: Name,
		Doc:  "a terminal emulator under real programs, live, for as long as you like: vim, bash and a log",
	}
	for _, s := range scenarios() {
		suite.Scenarios = append(suite.Scenarios, highwater.Scenario{
			Suite: Name, Name: s.name, Variant: e.Name, Doc: s.doc,
			Ops: s.ops, Limits: engine.Limits(nil, e.Budgets, s.name),
			Run: func(m *highwater.M) { s.run(m, e) },
		})
	}
	return suite
}

// Scenarios returns the names of the suite's scenarios.
func Scenarios() []string {
	var names []string
	for _, s := range scenarios() {
		names = append(names, s.name)
	}
	return names
}

// run is the scenario's workload.
func (s scenario) run(m *highwater.M, e Engine) {
	path, err := s.program.find()
	m.Check(err)
	home, err := newHome(s.files())
	m.Check(err)
	m.Cleanup(func() { m.Check(home.remove()) })
	m.Start()
	consoles, users := make([]*console, m.Sessions()), make([]user, m.Sessions())
	for i := range consoles {
		c, err := open(m.Context(), e, s.program, path, home.of(i))
		m.Check(err)
		m.Cleanup(func() {
			if err := c.close(); err != nil {
				m.Fatalf("%s: close: %w", e.Name, err)
			}
		})
		consoles[i], users[i] = c, s.open(c)
		users[i].begin()
	}
	m.KeepAlive(consoles, users)
	check := func(c *console, round int) {
		if err := c.err; err != nil {
			if cause := m.Context().Err(); cause != nil && !errors.Is(err, cause) {
				err = errors.Join(err, cause)
			}
			if e.Hint != "" {
				err = fmt.Errorf("%w\n%s", err, e.Hint)
			}
			m.Fatalf("%s over %s, round %d: %w", s.name, e.Name, round, err)
		}
	}
	for n := 0; m.Loop(); n++ {
		for i, u := range users {
			check(consoles[i], n)
			u.round(n)
			check(consoles[i], n+1)
		}
	}
}
