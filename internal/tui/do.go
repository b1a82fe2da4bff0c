package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/highwater-dev/highwater"
)

// do begins what the user asked for, unless it cannot be done or something else is under
// way.
func (m *model) do(what string, needs highwater.Quantity, begin func(context.Context) tea.Cmd) tea.Cmd {
	switch {
	case m.ended():
		m.say(inkWarn, "the target has ended: %s", m.how())
	case m.busy != "":
		m.say(inkWarn, "still %s", m.busy)
	case needs != "" && m.latest.Lacks(needs) != "":
		m.say(inkWarn, "cannot collect: %s", m.latest.Lacks(needs))
	default:
		m.busy = what
		return begin(m.ctx)
	}
	return nil
}

// how is how the target ended.
func (m *model) how() string {
	if m.latest.Ended != "" {
		return clean(m.latest.Ended)
	}
	return m.gone
}

// move moves the cursor of the list, or what lies over it.
func (m *model) move(by int) tea.Cmd {
	switch m.over {
	case overDetail:
		m.detail.move(by)
		return m.source()
	case overNothing:
		m.cursors[m.tab].move(by, m.rows())
		m.mark()
	default:
		m.scroll = max(min(m.scroll, 1<<20)+min(by, 1<<20), 0) // drawing bounds it from above
	}
	return nil
}

// page is how many rows a page key moves by.
func (m *model) page() int { return max(m.height/2-2, 1) }
