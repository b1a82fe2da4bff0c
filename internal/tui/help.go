package tui

// helpKeys and helpWords are what ? shows.
var helpKeys = [][2]string{
	{"Tab, 1 2 3", "the next view, or that one"},
	{"↑ ↓ PgUp PgDn", "move in the list; Home and End too"},
	{"enter", "detail of a site or group: stack and source; ↑ ↓ choose the frame"},
	{"/", "list only what holds a text (place, state, functions of the stack); esc clears"},
	{"o", "another order of the list"},
	{"w", "charts of the newest looks, or of the whole time (thinned, peaks kept)"},
	{"r", "reset: changes and percentiles count from now on"},
	{"p", "pause: the picture stands, and looks go on behind it"},
	{"s", "take a snapshot and keep it"},
	{"d", "what the last two snapshots differ in"},
	{"g", "collect garbage now, in the target"},
	{"q, ctrl-c", "quit; the target goes on"},
}

var helpWords = [][2]string{
	{"live", "what the last collection found reachable"},
	{"heap", "all objects: live, new since then, and dead but not swept yet"},
	{"goal", "the heap size at which the next collection ends"},
	{"RSS", "resident memory of the process; its parts add up to it"},
	{"never touched", "memory of the runtime that is not resident: taken off"},
	{"off-heap", "resident, and not the runtime's: C, mappings, the executable"},
	{"change", "since the reset (or the first look)"},
	{"waiting", "how long the goroutine of a group that waits longest has waited"},
	{"alloc/s", "allocated between the newest profile and the one before"},
	{"pressure", "the collector's share of CPU time, idle included, over 25 %, at most 1. An estimate of a window; the metric gc_pressure is steadier"},
	{"CPU", "of a collection: the collector's share since the one before; * for several together"},
	{"-", "not known; what the source lacks says so where it would stand"},
}

// help is the keys, and what the words on the screen mean.
func (m *model) help(w, h int) block {
	list := func(w int, title string, all [][2]string) block {
		b := block{m.heading(w, title, "")}
		const name = 15
		for _, e := range all {
			for i, l := range wrap(e[1], w-name) {
				r := m.row(w)
				if i == 0 {
					r.put(inkStrong, e[0])
				}
				b = append(b, r.gap(name-r.used).put(inkPlain, l).line())
			}
		}
		return b
	}
	if w >= 120 {
		half := (w - gutter) / 2
		left, right := list(half, "keys", helpKeys), list(w-gutter-half, "words", helpWords)
		n := max(len(left), len(right))
		return m.scrolled(beside(gutter, left.fill(half, n), right.fill(w-gutter-half, n)), w, h)
	}
	return m.scrolled(append(append(list(w, "keys", helpKeys), blanks(w)), list(w, "words", helpWords)...), w, h)
}
