package load

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// The rates of high_frequency_updates: a quarter of a second of a display that is
// drawn 60 times a second, by a program that prints faster than that.
const (
	framesPerOp     = 15
	updatesPerFrame = 4
)

func highFrequencyUpdates() scenario {
	return scenario{
		name: "high_frequency_updates", sessions: 10, ops: 12, has: hasServer,
		doc: "10 sessions redrawn 60 times a second, four small updates to a frame, with a client that watches",
		run: func(m *highwater.M, e Engine) {
			h := open(m, e)
			for _, one := range h.hire("session", m.Sessions()) {
				one.prog = dashboard{}
				one.client = &client{}
			}
			h.check(h.inTurn(h.members, h.enter))
			for m.Loop() {
				h.check(h.together(h.members, quarter))
			}
			h.verify(h.members)
		},
	}
}

// quarter is what a session does in a quarter of a second.
func quarter(m *member) error {
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
