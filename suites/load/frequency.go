package load

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// An operation of high_frequency_updates: a program that prints more often than its
// display is drawn. It is what a display of 60 frames a second shows in a quarter of
// a second, and is not paced: it goes as fast as the server does.
const (
	framesPerOp     = 15
	updatesPerFrame = 4
)

func highFrequencyUpdates() scenario {
	return scenario{
		name: "high_frequency_updates", sessions: 10, ops: 12, has: hasServer,
		doc: "10 sessions redrawn as fast as it goes, 60 small updates in 15 frames an operation, with a client that watches",
		run: func(m *highwater.M, e Engine) {
			h := open(m, e)
			for _, one := range h.hire("session", m.Sessions()) {
				one.prog = dashboard{}
				one.client = &client{}
			}
			h.check(h.inTurn(h.members, h.enter))
			for m.Loop() {
				h.check(h.together(h.members, redraw))
			}
			h.verify(h.members)
		},
	}
}

// redraw is what a session does in an operation.
func redraw(m *member) error {
	for range framesPerOp {
		before := m.client.received()
		if err := m.work(updatesPerFrame); err != nil {
			return err
		}
		if m.client.received() == before {
			return fmt.Errorf("the client was sent nothing for updates %d to %d", m.updates-updatesPerFrame, m.updates-1)
		}
	}
	return nil
}
