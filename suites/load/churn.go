package load

import "github.com/highwater-dev/highwater"

// turnover is how many sessions end and begin in an operation of session_churn.
const turnover = 10

func sessionChurn() scenario {
	return scenario{
		name: "session_churn", sessions: 50, ops: 30, noLeak: true, has: hasServer,
		doc: "50 sessions live, of which ten end and ten new ones begin in each operation",
		run: func(m *highwater.M, e Engine) {
			h := open(m, e)
			h.check(h.inTurn(h.hire("session", m.Sessions()), h.enter))
			oldest := 0
			for m.Loop() {
				h.replace(h.members[oldest : oldest+turnover])
				oldest = (oldest + turnover) % len(h.members)
			}
			h.verify(h.members)
		},
	}
}

// replace ends the sessions of some members, each of which must have done its
// work, and begins new ones with numbers that nobody had before.
func (h *house) replace(old []*member) {
	h.verify(old)
	h.check(h.together(old, leave))
	h.live(len(h.members) - len(old))
	for _, m := range old {
		// All of a generation go one by one before any of the next.
		m.renumber(len(h.members))
	}
	h.check(h.together(old, h.enter))
	h.live(len(h.members))
}

// renumber makes the member the program of another session.
func (m *member) renumber(by int) {
	m.id, m.updates, m.mangled = m.id+by, 0, false
	m.prog = programOf(m.id)
}
