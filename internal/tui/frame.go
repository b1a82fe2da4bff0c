package tui

import (
	"fmt"
	"strings"
)

// The smallest terminal that shows more than that it is too small, and the one from
// which on panels stand side by side.
const (
	leastWidth, leastHeight = 50, 14
	wideWidth, wideHeight   = 140, 34
)

const (
	// around is how many lines stand around the body: header, tabs, status and keys.
	around = 4
	// mostStatus is how many lines a message may take, of the body's too.
	mostStatus = 3
)

// draw makes the whole frame, at most as large as the terminal.
func (m *model) draw() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	var all block
	if m.width < leastWidth || m.height < leastHeight {
		text := fmt.Sprintf("%dx%d is too small: %dx%d at least. q quits", m.width, m.height, leastWidth, leastHeight)
		for _, l := range wrap(text, m.width) {
			all = append(all, l)
		}
		all = all[:min(len(all), m.height)]
	} else {
		all = append(all, m.header(), m.tabLine())
		status := m.status()
		h := m.height - around - (len(status) - 1)
		all = append(all, m.body(m.width, h).fill(m.width, h)...)
		all = append(append(all, status...), m.keyLine())
	}
	var b strings.Builder
	b.Grow(len(all) * (m.width + 40))
	for i, l := range all {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.TrimRight(l, " "))
	}
	return b.String()
}

func (m *model) wide() bool { return m.width >= wideWidth && m.height >= wideHeight }

func (m *model) body(w, h int) block {
	switch m.over {
	case overHelp:
		return m.help(w, h)
	case overDetail:
		return m.drawDetail(w, h)
	case overDifference:
		return m.drawDifference(w, h)
	}
	if m.shown.Looks == 0 {
		text := "looking at " + clean(m.Target.Name()) + " for the first time"
		if m.ended() {
			text = "it has ended before it was seen: " + m.how()
		}
		return m.paragraph(w, inkDim, text)
	}
	switch m.tab {
	case tabProcesses:
		return m.processes(w, h)
	case tabGC:
		return m.collector(w, h)
	default:
		return m.memory(w, h)
	}
}

// scrolled is the part of all lines that is in sight, and says where it is.
func (m *model) scrolled(all block, w, h int) block {
	if len(all) <= h {
		m.scroll = 0
		return all
	}
	m.scroll = min(m.scroll, len(all)-h+1)
	end := min(m.scroll+h-1, len(all))
	place := fmt.Sprintf("lines %d to %d of %d: ↑ and ↓ move, esc closes", m.scroll+1, end, len(all))
	return append(append(block{}, all[m.scroll:end]...), m.row(w).put(inkDim, place).line())
}
