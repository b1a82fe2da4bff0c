package load

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// What the sessions of mixed_stress do, besides those that just work, and how
// many plugins are called meanwhile.
const (
	mixedChurn   = 8
	mixedResized = 8
	mixedPlugins = 8
)

func mixedStress() scenario {
	return scenario{
		name: "mixed_stress", sessions: 32, ops: 16, has: hasServer, noLeak: true,
		doc: "at the same time: 16 sessions at work, 8 that change their size, 8 that end and begin anew, and 8 plugins called, if there is a host",
		run: func(m *highwater.M, e Engine) {
			h := open(m, e)
			sessions := h.hire("session", m.Sessions())
			h.check(h.inTurn(sessions, h.enter))
			churned, resized := sessions[:mixedChurn], sessions[mixedChurn:mixedChurn+mixedResized]
			for _, one := range sessions {
				one.task = func(m *member) error { return m.work(firstUpdates) }
			}
			for _, one := range resized {
				one.task = resizing
			}
			for _, one := range churned {
				one.task = h.another
			}
			var p *plugins
			var called []*member
			if e.Plugins != nil {
				p = host(m, e, h.crew)
				called = h.hire("plugin", mixedPlugins)
				h.check(h.inTurn(called, p.load))
				for _, one := range called {
					one.task = p.call
				}
			}
			for m.Loop() {
				h.verify(churned)
				h.check(h.together(h.members, func(m *member) error { return m.task(m) }))
				h.live(len(sessions))
			}
			h.verify(sessions)
			if p != nil {
				h.check(h.inTurn(called, p.verify))
			}
		},
	}
}

// numbers is more than there are members: a session that begins anew gets a
// number that nobody had before.
const numbers = 100

// resizing changes the size of the session while its program prints.
func resizing(m *member) error {
	for _, size := range [][2]int{{132, 43}, {60, 15}} {
		if err := m.update(); err != nil {
			return err
		}
		if err := m.session.Resize(size[0], size[1]); err != nil {
			return fmt.Errorf("resize to %dx%d: %w", size[0], size[1], err)
		}
	}
	return m.restart()
}

// another ends the member's session and begins a new one.
func (h *house) another(m *member) error {
	if err := leave(m); err != nil {
		return err
	}
	m.renumber(numbers)
	return h.enter(m)
}
