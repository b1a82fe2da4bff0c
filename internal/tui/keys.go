package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/highwater-dev/highwater"
)

// key does what a key means where the user is.
func (m *model) key(k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	if name == "ctrl+c" {
		return tea.Quit
	}
	if m.typing {
		m.typed(k)
		return nil
	}
	// What was said has been read by the time of the next key.
	m.note = note{}
	switch name {
	case "q":
		return tea.Quit
	case "tab":
		return m.turn(m.tab + 1)
	case "shift+tab":
		return m.turn(m.tab + tabs - 1)
	case "1", "2", "3":
		return m.turn(tab(name[0] - '1'))
	case "?":
		m.toggle(overHelp)
	case "d":
		m.difference()
	case "esc":
		m.escape()
	case "enter":
		return m.enter()
	case "/":
		m.over, m.typing = overNothing, true
	case "up", "k":
		return m.move(-1)
	case "down", "j":
		return m.move(1)
	case "pgup":
		return m.move(-m.page())
	case "pgdown", "space":
		return m.move(m.page())
	case "home":
		return m.move(-1 << 30)
	case "end":
		return m.move(1 << 30)
	case "o":
		m.order[m.tab] = (m.order[m.tab] + 1) % len(orders[m.tab])
		m.cursors[m.tab].top = 0
		m.say(inkPlain, "in order of %s", orders[m.tab][m.order[m.tab]])
		m.follow()
	case "w":
		m.whole = !m.whole
	case "r":
		m.reset()
	case "p":
		m.pause()
	case "g":
		return m.do("collecting", highwater.QuantityCollect, m.watch.collect)
	case "s":
		return m.do("taking a snapshot", "", m.watch.keep)
	default:
		m.say(inkDim, "no key for that; ? lists them")
	}
	return nil
}

func (m *model) turn(to tab) tea.Cmd {
	m.tab, m.over = to%tabs, overNothing
	return nil
}

func (m *model) toggle(o over) {
	if m.scroll = 0; m.over == o {
		o = overNothing
	}
	m.over = o
}

func (m *model) escape() {
	switch {
	case m.over != overNothing:
		m.over = overNothing
	case m.filter != "":
		m.setFilter("")
	}
}

func (m *model) difference() {
	if len(m.kept) < 2 {
		m.say(inkWarn, "a difference is of two snapshots: take them with s, %d so far", len(m.kept))
		return
	}
	m.toggle(overDifference)
}

func (m *model) reset() {
	if m.latest.Looks == 0 {
		m.say(inkWarn, "nothing has been seen yet")
		return
	}
	m.see(m.watch.reset())
	if m.paused {
		m.say(inkGood, "statistics count from %s on; the picture stands until p", clock(m.latest.ResetAt))
		return
	}
	m.say(inkGood, "statistics count from %s on", clock(m.latest.ResetAt))
}

func (m *model) pause() {
	m.paused, m.pausedAt = !m.paused, m.Now()
	if !m.paused {
		m.show(m.latest)
	}
}

// typed edits the filter, which acts while it is typed.
func (m *model) typed(k tea.KeyPressMsg) {
	switch name := k.String(); name {
	case "esc":
		m.typing = false
		m.setFilter("")
	case "enter":
		m.typing = false
	case "backspace":
		if r := []rune(m.filter); len(r) > 0 {
			m.setFilter(string(r[:len(r)-1]))
		}
	case "ctrl+u":
		m.setFilter("")
	case "up", "down", "pgup", "pgdown":
		m.typing = false
		m.key(k)
	default:
		m.setFilter(m.filter + k.Text)
	}
}

// longestFilter bounds what a paste can put into the filter, in characters.
const longestFilter = 100

func (m *model) setFilter(s string) {
	r := []rune(clean(s))
	m.filter = string(r[:min(len(r), longestFilter)])
	m.follow()
}

// noneSince is from when on a missing answer is told of.
const noneSince = 3 * time.Second

// waiting is for how long there has been no answer, 0 for a time not worth telling.
func (m *model) waiting() time.Duration {
	if d := m.Now().Sub(m.asked); m.asking && !m.ended() && d >= noneSince {
		return d
	}
	return 0
}
