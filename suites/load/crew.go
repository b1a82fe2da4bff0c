package load

import (
	"errors"
	"fmt"
	"time"
)

// crew is a goroutine for each session, as a server has one for each program or
// client. All work is done by it, so that a session which is stuck is noticed
// and named while the others go on.
//
// The work of a round is fixed, and a round ends when everybody is done: what is
// read between two rounds is read of sessions that are idle.
type crew struct {
	what     string // what a member works on, in errors: session, plugin
	patience time.Duration
	timer    *time.Timer
	members  []*member
	done     chan report
}

// member is one of the crew.
type member struct {
	id      int // from 0, unique in the scenario
	todo    chan func(*member) error
	working bool // on something; known to the crew's user only

	session Session
	prog    program
	page    page // what it prints with
	updates int  // made so far
	client  *client
}

type report struct {
	from *member
	err  error
}

func newCrew(what string, n int, patience time.Duration) *crew {
	c := &crew{what: what, patience: patience, timer: time.NewTimer(patience), done: make(chan report, n)}
	c.members = make([]*member, n)
	for i := range c.members {
		m := &member{id: i, prog: programOf(i), todo: make(chan func(*member) error)}
		c.members[i] = m
		go func() {
			for f := range m.todo {
				c.done <- report{m, f(m)}
			}
		}()
	}
	return c
}

// together lets members do f at once, and waits for all.
func (c *crew) together(members []*member, f func(*member) error) error {
	for _, m := range members {
		m.working = true
		m.todo <- f
	}
	return c.wait(len(members))
}

// inTurn lets members do f one after the other: for what must not depend on
// which of them was first.
func (c *crew) inTurn(members []*member, f func(*member) error) error {
	for _, m := range members {
		m.working = true
		m.todo <- f
		if err := c.wait(1); err != nil {
			return err
		}
	}
	return nil
}

// wait waits for n reports, for as long as somebody gets something done. Of
// several errors it returns the one of the first member.
func (c *crew) wait(n int) error {
	var failed report
	for range n {
		c.timer.Reset(c.patience)
		select {
		case r := <-c.done:
			r.from.working = false
			if r.err != nil && (failed.err == nil || r.from.id < failed.from.id) {
				failed = r
			}
		case <-c.timer.C:
			return c.stuck()
		}
	}
	if failed.err != nil {
		return fmt.Errorf("%s %d: %w", c.what, failed.from.id, failed.err)
	}
	return nil
}

var errStuck = errors.New("no progress")

func (c *crew) stuck() error {
	first, n := 0, 0
	for _, m := range c.members {
		if m.working {
			if n == 0 {
				first = m.id
			}
			n++
		}
	}
	return fmt.Errorf("%s %d has made %w for %v, and %d of %d are waiting for their turn to end with it",
		c.what, first, errStuck, c.patience, n, len(c.members))
}

// idle are those of the members that are not stuck.
func (c *crew) idle() []*member {
	var idle []*member
	for _, m := range c.members {
		if !m.working {
			idle = append(idle, m)
		}
	}
	return idle
}

// dismiss ends the goroutines that are not stuck.
func (c *crew) dismiss() {
	c.timer.Stop()
	for _, m := range c.idle() {
		close(m.todo)
	}
}

// sparing calls f in a goroutine of its own, and returns an error when it has
// not returned within the patience.
func sparing(patience time.Duration, what string, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	case <-timer.C:
		return fmt.Errorf("%s: %w for %v", what, errStuck, patience)
	}
}
