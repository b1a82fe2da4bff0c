package load

import (
	"context"
	"errors"
	"fmt"

	"github.com/highwater-dev/highwater"
)

// pieceBytes is in how small pieces hostile output comes, so that most sequences
// are cut somewhere.
const pieceBytes = 509

func ansiStress() scenario {
	return scenario{
		name: "ansi_stress", sessions: 8, ops: 12, has: hasServer,
		doc: "hostile output: endless strings and parameters, broken sequences, scroll regions, changes of size in the middle; one session may die of it",
		input: func(context.Context) error {
			attacks()
			return nil
		},
		run: func(m *highwater.M, e Engine) {
			h := open(m, e)
			h.check(h.inTurn(h.hire("session", m.Sessions()), h.enter))
			victim, others := h.members[:1], h.members[1:]
			for m.Loop() {
				// In turn: what a moment of an attack takes is large beside the rest,
				// and how many fall together would be chance.
				h.check(h.inTurn(h.members, func(one *member) error {
					return one.suffer(m.Op() + one.id)
				}))
				h.check(h.inTurn(victim, h.murder))
				h.verify(victim)
				h.verify(others)
				h.live(len(h.members))
			}
		},
	}
}

// suffer takes one of the attacks, with a change of size in the middle of it, and
// goes to work again.
func (m *member) suffer(n int) error {
	a := attacks()[n%len(attacks())]
	if err := m.attacked(a.text); err != nil {
		return fmt.Errorf("%s: %w", a.name, err)
	}
	return nil
}

func (m *member) attacked(text []byte) error {
	for half := len(text) / 2; len(text) > 0; {
		p := text[:min(len(text), pieceBytes)]
		if err := m.write(p); err != nil {
			return err
		}
		text = text[len(p):]
		if len(text) <= half {
			half = -1
			if err := m.session.Resize(cols/2, rows/2); err != nil {
				return fmt.Errorf("resize: %w", err)
			}
		}
	}
	if err := m.write(calm); err != nil {
		return err
	}
	return m.restart()
}

// restart gives the screen its size, and lets the program draw it anew, as after
// a change of size.
func (m *member) restart() error {
	if err := m.session.Resize(cols, rows); err != nil {
		return fmt.Errorf("resize: %w", err)
	}
	m.updates, m.mangled = 0, true
	return m.work(firstUpdates)
}

// murder feeds a session what its emulator is likely to die of. If the server
// says that it has, a new session takes its place.
func (h *house) murder(m *member) error {
	err := m.attacked(killer)
	if !errors.Is(err, ErrCrashed) {
		return err
	}
	if err := leave(m); err != nil {
		return fmt.Errorf("after a crash: %w", err)
	}
	m.renumber(len(h.members))
	return h.enter(m)
}
