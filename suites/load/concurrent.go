package load

import "github.com/highwater-dev/highwater"

// steps are the numbers of sessions at which live memory is read on the way up,
// so that the cost of one more session is known apart from the fixed cost.
func steps(n int) []int {
	var s []int
	for k := 1; k < n; k *= 10 {
		s = append(s, k)
	}
	return append(s, n)
}

func concurrentSessions() scenario {
	return scenario{
		name: "concurrent_sessions", sessions: 1000, ops: 8, has: hasServer,
		doc: "1, 10, 100 and 1,000 sessions, then all of them at work at once",
		run: func(m *highwater.M, e Engine) {
			h := open(m, e)
			for _, n := range steps(m.Sessions()) {
				h.check(h.inTurn(h.hire("session", n), h.enter))
				h.live(n)
				m.CheckpointSessions(n)
			}
			for m.Loop() {
				h.check(h.together(h.members, func(m *member) error { return m.work(1) }))
			}
			h.verify(h.members)
		},
	}
}
