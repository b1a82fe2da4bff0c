package load

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// The rates of high_frequency_updates: a second of a display that is drawn 60
// times, by a program that prints faster than that.
const (
	framesPerOp     = 60
	updatesPerFrame = 4
)

func highFrequencyUpdates() scenario {
	return scenario{
		name: "high_frequency_updates", sessions: 20, ops: 12, has: hasServer,
		doc: "20 sessions redrawn 60 times a second, four small updates to a frame, with a client that watches",
		run: func(m *highwater.M, e Engine) {
			h := open(m, e, m.Sessions())
			for _, member := range h.members {
				member.prog = dashboard{}
				member.client = newClient()
			}
			h.check(h.inTurn(h.members, h.enter))
			for m.Loop() {
				h.check(h.together(h.members, second))
			}
			h.verify(h.members)
		},
	}
}

// second is what a session does in a second.
func second(m *member) error {
	for range framesPerOp {
		before := m.client.got
		if err := m.work(updatesPerFrame); err != nil {
			return err
		}
		if m.client.got == before {
			return fmt.Errorf("the client was sent nothing for updates %d to %d", m.updates-updatesPerFrame, m.updates-1)
		}
	}
	return nil
}
