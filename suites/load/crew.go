package load

import (
	"errors"
	"fmt"
	"time"
)

// crew is a goroutine for each session or plugin, as a server has one for each
// program or client. All work is done by it, so that a session which is stuck is
// noticed and named while the others go on.
//
// The work of a round is fixed, and a round ends when everybody is done: what is
// read between two rounds is read of sessions that are idle.
type crew struct {
	patience time.Duration
	timer    *time.Timer
	members  []*member
	done     chan report
	over     chan struct{} // closed when nobody waits for reports any more
}

// member is one of the crew.
type member struct {
	kind    string // what it works on, in errors: session, plugin
	id      int    // from 0, unique in the scenario among its kind
	todo    chan func(*member) error
	working bool                // on something; known to the crew's user only
	task    func(*member) error // where members have different ones

	session Session
	client  *client // that looks at the session, if any
	prog    program
	page    page // what it prints with
	updates int  // of the program, or events of the plugin, so far
	mangled bool // what is in the scrollback is not known

	plugin string // its ID
	loaded bool
	bytes  int // of all events
}

type report struct {
	from *member
	err  error
}

func newCrew(patience time.Duration) *crew {
	return &crew{patience: patience, timer: time.NewTimer(patience), done: make(chan report), over: make(chan struct{})}
}

// updateBytes is room for what an update prints.
const updateBytes = 384

// hire adds members until there are n, and returns those that are new.
func (c *crew) hire(kind string, n int) []*member {
	old := len(c.members)
	for id := old; id < n; id++ {
		m := &member{kind: kind, id: id, prog: programOf(id), todo: make(chan func(*member) error)}
		m.page.out = make([]byte, 0, updateBytes)
		c.members = append(c.members, m)
		go c.serve(m)
	}
	return c.members[old:]
}

// serve is a member's goroutine. Nobody waits any more for a member that was
// stuck; it goes when it can.
func (c *crew) serve(m *member) {
	for f := range m.todo {
		err := f(m)
		select {
		case c.done <- report{m, err}:
		case <-c.over:
			return
		}
	}
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
		return fmt.Errorf("%s %d: %w", failed.from.kind, failed.from.id, failed.err)
	}
	return nil
}

var errStuck = errors.New("no progress")

func (c *crew) stuck() error {
	var stuck []*member
	for _, m := range c.members {
		if m.working {
			stuck = append(stuck, m)
		}
	}
	return fmt.Errorf("%s %d: %w for %v, and %d of %d are not done", stuck[0].kind, stuck[0].id, errStuck, c.patience, len(stuck), len(c.members))
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
	close(c.over)
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
