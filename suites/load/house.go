package load

import (
	"errors"
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
)

// house is a server with the crew that works in its sessions.
type house struct {
	m      *highwater.M
	engine Engine
	server Server
	*crew
	model *page // what screens are compared with, one at a time
}

// open starts the engine's server, and a crew that has nobody yet. Both end with
// the scenario.
func open(m *highwater.M, e Engine) *house {
	h := &house{m: m, engine: e}
	err := sparing(e.patience(), "starting the server", func() (err error) {
		h.server, err = e.New()
		return err
	})
	h.check(err)
	h.crew = newCrew(e.patience())
	h.model = newPage(cols, rows)
	m.KeepAlive(h)
	m.Cleanup(h.close)
	return h
}

func (h *house) check(err error) {
	if err != nil {
		h.m.Fatalf("%s: %w", h.engine.Name, err)
	}
}

// firstUpdates are printed when a session begins.
const firstUpdates = 4

// enter opens the session of a member, and brings it to work.
func (h *house) enter(m *member) error {
	var err error
	if m.client != nil {
		m.session, err = h.server.Open(cols, rows, m.client)
	} else {
		m.session, err = h.server.Open(cols, rows, nil)
	}
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	return m.work(firstUpdates)
}

// leave closes the session of a member.
func leave(m *member) error {
	s := m.session
	m.session = nil
	if s == nil {
		return nil
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return nil
}

// live holds a server that counts its sessions to that number.
func (h *house) live(want int) {
	if c, ok := h.server.(Counter); ok {
		if got := c.Live(); got != want {
			h.check(fmt.Errorf("the server says that %d sessions are live, want %d", got, want))
		}
	}
}

// verify compares screens with what they must show, one after the other.
func (h *house) verify(members []*member) {
	h.check(h.inTurn(members, func(m *member) error { return m.verify(h.model) }))
}

// close is the tear-down: sessions, server, crew.
func (h *house) close() {
	defer h.dismiss()
	members := slices.DeleteFunc(h.idle(), func(m *member) bool { return m.session == nil })
	err := h.together(members, leave)
	stuck := len(h.idle()) < len(h.members)
	if err == nil && !stuck {
		h.live(0)
	}
	err = errors.Join(err, sparing(h.engine.patience(), "closing the server", h.server.Close))
	h.check(err)
}
