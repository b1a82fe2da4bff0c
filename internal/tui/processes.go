package tui

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// processes is the view of what runs: goroutines, threads, descriptors and processes.
func (m *model) processes(w, h int) block {
	tree := min(len(m.shown.Processes), 4) + 1
	if m.wide() {
		right := (w - gutter) * 2 / 5
		left := w - gutter - right
		tree = min(len(m.shown.Processes)+1, h/3)
		side := append(append(block{}, m.counts(right, 7)...), m.goroutineCourse(right, min(h-tree-9, 24))...)
		side = append(append(side, blanks(right)), m.tree(right, tree)...)
		return beside(gutter, m.groupTable(left, h), side.fill(right, h))
	}
	if h < 16 {
		tree = 0
	}
	b := append(append(block{}, m.counts(w, natural)...), blanks(w))
	list := m.groupTable(w, h-len(b)-tree)
	b = append(b, list...)
	if tree > 0 {
		b = append(b, m.tree(w, tree)...)
	}
	return b
}

// counts are the numbers, and what they consist of.
func (m *model) counts(w, h int) block {
	return m.panel("counts", w, h, m.shown.Version, func() block {
		s, base := &m.shown.Snapshot, &m.shown.Base
		var b block
		line := func(name string, n, before int, more, lack string) {
			r := m.row(w).cell(inkTitle, name, 12, false)
			if n == 0 && lack != "" {
				for _, l := range wrap(lack, r.left()) {
					b = append(b, r.put(inkDim, l).line())
					r = m.row(w).gap(12)
				}
				return
			}
			r.cell(inkStrong, count(int64(n)), 8, true).cell(change(int64(n-before)), signedCount(int64(n-before)), 8, true).gap(2)
			lines := wrap(more, r.left())
			for i, l := range lines[:min(len(lines), 2)] {
				if i > 0 {
					b = append(b, r.line())
					r = m.row(w).gap(30)
				}
				r.put(inkDim, l)
			}
			b = append(b, r.line())
		}
		states := m.notSeen(highwater.QuantityStates)
		if len(s.States) > 0 {
			states = kinds(s.States)
		}
		line("goroutines", s.Goroutines, base.Goroutines, states, m.notSeen(highwater.QuantityGoroutines))
		line("threads", s.Threads, base.Threads, "", m.notSeen(highwater.QuantityThreads))
		line("descriptors", total(s.FDs), total(base.FDs), kinds(s.FDs), m.notSeen(highwater.QuantityFDs))
		return b
	})
}

func total(kinds map[string]int) int {
	n := 0
	for _, k := range kinds {
		n += k
	}
	return n
}

// kinds lists numbers by kind, the largest first.
func kinds(all map[string]int) string {
	names := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(cmp.Compare(all[b], all[a]), cmp.Compare(a, b))
	})
	var said []string
	for i, n := range names {
		if i == 12 {
			said = append(said, fmt.Sprintf("%d more kinds", len(names)-i))
			break
		}
		said = append(said, count(int64(all[n]))+" "+cut(clean(n), 30))
	}
	return strings.Join(said, ", ")
}

var goroutineCurve = []curve{{"all", inkStacks, func(p *live.Point) float64 { return p.Goroutines }}}

func (m *model) goroutineCourse(w, h int) block {
	if h < 4 {
		return block{}.fill(w, h)
	}
	return m.panel("goroutines", w, h, courseKey{m.shown.Version, m.whole}, func() block {
		return append(block{m.heading(w, "goroutines over time", "")}, m.chart("goroutines", w, h-1, m.points(), goroutineCurve, countTick)...)
	})
}

// roomy is from which width on states of goroutines are not cut.
const roomy = 100

// groupTable lists goroutines by where they were created and what they do.
func (m *model) groupTable(w, h int) block {
	type key struct {
		rows   *live.GroupRow
		n, all int
		order  int
		filter string
		cursor cursorKey
		lack   string
	}
	rows, order := m.groups(), m.order[tabProcesses]
	k := key{
		n: len(rows), all: len(m.shown.Groups), order: order, filter: m.filter,
		cursor: m.list(tabProcesses, true, h-1, len(rows)), lack: m.notSeen(highwater.QuantityGoroutines),
	}
	if len(rows) > 0 {
		k.rows = rows[0]
	}
	state := 13
	if w >= roomy {
		state = len("sync.WaitGroup.Wait") // the runtime's longest usual one
	}
	return m.panel("groups", w, h, k, func() block {
		r := m.row(w).gap(2).cell(inkTitle, "number", 7, true).cell(inkTitle, "change", 8, true).cell(inkTitle, "waiting", 12, true).gap(2).cell(inkTitle, "state", state, false).gap(1)
		r.put(inkTitle, "created at").gap(1).put(inkDim, "by "+orders[tabProcesses][order]+" "+m.listed(len(rows), len(m.shown.Groups)))
		b := block{r.line()}
		if len(rows) == 0 {
			return append(b, m.paragraph(w, inkDim, or(k.lack, m.noRows("group", len(m.shown.Groups), "goroutines are not listed yet")))...)
		}
		for i := k.cursor.top; i < min(k.cursor.top+h-1, len(rows)); i++ {
			g := rows[i]
			wait := none
			if g.Longest > 0 {
				wait = span(g.Longest)
			}
			b = append(b, m.listRow(w, i == k.cursor.index, func(r *row) {
				r.cell(inkStrong, count(int64(g.Count)), 7, true).cell(change(int64(g.Change)), signedCount(int64(g.Change)), 8, true)
				r.cell(inkPlain, wait, 12, true).gap(2).cell(inkPlain, clean(g.State), state, false).gap(1)
				r.put(inkPlain, middle(place(g.Created), r.left()))
			}))
		}
		return b
	})
}

// place is where a frame is; the goroutine of main has been created by nobody.
func place(f highwater.Frame) string {
	if f.Func == "" && f.File == "" {
		return "not known, as of main"
	}
	return clean(f.Place())
}

// tree is the process and what descends from it.
func (m *model) tree(w, h int) block {
	return m.panel("tree", w, h, m.shown.Version, func() block {
		all := m.shown.Processes
		r := m.row(w).gap(2).cell(inkTitle, "pid", 8, true).cell(inkTitle, "RSS", 9, true).cell(inkTitle, "PSS", 9, true).cell(inkTitle, "threads", 9, true).gap(2)
		title := "process tree (" + count(int64(len(all))) + ")"
		if len(all) > h-1 {
			title += fmt.Sprintf(", the first %d", max(h-1, 0))
		}
		b := block{r.put(inkTitle, title).line()}
		if len(all) == 0 {
			return append(b, m.paragraph(w, inkDim, or(m.notSeen(highwater.QuantityChildren, highwater.QuantityRSS), "no processes are listed"))...)
		}
		for _, p := range all {
			r := m.row(w).gap(2).cell(inkPlain, fmt.Sprint(p.PID), 8, true).cell(inkRSS, known(p.RSS), 9, true).cell(inkPlain, known(p.PSS), 9, true)
			r.cell(inkPlain, count(int64(p.Threads)), 9, true).gap(2)
			if p.Depth > 0 {
				r.gap(2*min(p.Depth, 10)-2).put(inkDim, "└ ")
			}
			if p.Stopped {
				r.put(inkBad, "stopped").gap(1)
			}
			b = append(b, r.put(inkPlain, cut(clean(p.Command), r.left())).line())
		}
		return b
	})
}
