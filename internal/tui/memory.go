package tui

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// gutter is the room between panels.
const gutter = 2

// memory is the view of where the bytes are.
func (m *model) memory(w, h int) block {
	if m.wide() {
		top := max(h*45/100, 15)
		left := (w - gutter) * 3 / 5
		right := w - gutter - left
		half := (w - gutter) / 2
		upper := beside(gutter, m.course(left, top), m.account(right, top))
		lower := beside(gutter,
			m.siteTable(half, h-top-1, m.sites(), m.order[tabMemory], true),
			m.siteTable(w-gutter-half, h-top-1, m.sitesByRate(), 2, false))
		return append(append(upper, blanks(w)), lower...)
	}
	parts := 6
	if h < 17 {
		parts = 0
	}
	chart := max((h-parts)*55/100, 5)
	b := append(block{}, m.course(w, chart)...)
	if parts > 0 {
		b = append(b, m.consists(w, parts)...)
	}
	return append(b, m.siteTable(w, h-len(b), m.sites(), m.order[tabMemory], true)...)
}

var memoryCurves = []curve{
	{"live", inkLive, func(p *live.Point) float64 { return p.Live }},
	{"heap", inkHeap, func(p *live.Point) float64 { return p.Heap }},
	{"goal", inkGoal, func(p *live.Point) float64 { return p.Goal }},
	{"RSS", inkRSS, func(p *live.Point) float64 { return p.RSS }},
}

// points are what charts show: the newest looks, or all.
func (m *model) points() []live.Point {
	if m.whole {
		return m.shown.All
	}
	return m.shown.Recent
}

// course is the chart of memory over time. Its legend holds the figures of now.
func (m *model) course(w, h int) block {
	return m.panel("course", w, h, courseKey{m.shown.Version, m.whole}, func() block {
		s := &m.shown.Snapshot.Memory
		r := m.row(w).put(inkTitle, "memory")
		for i, n := range []int64{s.Live, s.Heap, s.Goal, s.RSS} {
			c := memoryCurves[i]
			r.gap(2).put(c.ink, c.name+" "+known(n))
		}
		if r.left() > 14 {
			window := "newest looks"
			if m.whole {
				window = "whole time"
			}
			r.gap(r.left()-width(window)).put(inkDim, window)
		}
		b := block{r.line()}
		if s.Live <= 0 && s.RSS <= 0 && s.Heap <= 0 {
			return append(b, m.paragraph(w, inkDim, or(m.notSeen(highwater.QuantityMemory, highwater.QuantityLive, highwater.QuantityRSS), "no figures of memory"))...)
		}
		return append(b, m.chart("memory", w, h-1, m.points(), memoryCurves, sizeTick)...)
	})
}

// account is the breakdown in a large terminal, with all the figures around it.
func (m *model) account(w, h int) block {
	return m.panel("account", w, h, m.shown.Version, func() block {
		s, v := &m.shown.Snapshot, &m.shown
		b := append(block{}, m.consists(w, 11)...)
		b = append(b, blanks(w))
		line := func(name, figure, more string) {
			b = append(b, m.row(w).cell(inkPlain, name, 22, false).cell(inkStrong, figure, 11, true).gap(2).put(inkDim, more).line())
		}
		limit := "none"
		if s.Memory.Limit > 0 {
			limit = size(s.Memory.Limit)
		}
		if why := m.notSeen(highwater.QuantityAllocated); why != "" {
			line("allocating", none, why)
		} else {
			line("allocating", sizeRate(v.Rates.AllocBytes), "objects: "+countRate(v.Rates.AllocObjects))
		}
		if s.Ops > 0 {
			line("operations", countRate(v.Rates.Ops), count(s.Ops)+" so far")
		}
		line("heap goal", known(s.Memory.Goal), "memory limit "+limit)
		line("heap in use", known(s.Memory.InUse), "spans that objects are in")
		line("high-water mark", known(s.Memory.HighWater), "of RSS, as the kernel has it")
		line("held from the system", known(s.Memory.Total-s.Memory.Released), known(s.Memory.Released)+" were returned")
		return b
	})
}

// siteTable lists allocation sites. Its heading names the columns.
func (m *model) siteTable(w, h int, rows []*live.SiteRow, order int, cursor bool) block {
	type key struct {
		rows   *live.SiteRow
		n, all int
		order  int
		filter string
		cursor cursorKey
		lack   string
	}
	k := key{n: len(rows), all: len(m.shown.Sites), order: order, filter: m.filter, lack: m.notSeen(highwater.QuantitySites)}
	if len(rows) > 0 {
		k.rows = rows[0]
	}
	c := m.list(tabMemory, cursor, h-1, len(rows))
	k.cursor = c
	return m.panel(fmt.Sprint("sites", cursor), w, h, k, func() block {
		wide := w >= 110
		r := m.row(w).gap(2).cell(inkTitle, "live", 8, true).cell(inkTitle, "change", 10, true).cell(inkTitle, "alloc/s", 11, true)
		if wide {
			r.cell(inkTitle, "objects", 10, true).cell(inkTitle, "allocated", 10, true)
		}
		title := "allocation sites, by " + orders[tabMemory][order]
		b := block{r.gap(2).put(inkTitle, title).gap(1).put(inkDim, m.listed(len(rows), len(m.shown.Sites))).line()}
		if len(rows) == 0 {
			return append(b, m.paragraph(w, inkDim, or(k.lack, m.noRows("site", len(m.shown.Sites), "no profile yet")))...)
		}
		shown := rows[c.top:max(c.top, min(c.top+h-1, len(rows)))]
		places := live.Places(rows, c.top, c.top+len(shown), func(s *live.SiteRow) highwater.Site { return s.Site })
		for i, s := range shown {
			b = append(b, m.listRow(w, cursor && c.top+i == c.index, func(r *row) {
				r.cell(inkLive, size(s.Bytes), 8, true).cell(change(s.Change), signed(s.Change), 10, true).cell(inkRate, sizeRate(s.Rate), 11, true)
				if wide {
					r.cell(inkPlain, count(s.Objects), 10, true).cell(inkPlain, size(s.Allocated.Bytes), 10, true)
				}
				r.gap(2)
				r.put(inkPlain, middle(clean(places[i]), r.left()))
			}))
		}
		return b
	})
}

// cursorKey is what of a cursor a list depends on.
type cursorKey struct{ index, top int }

// list is where the cursor of a list is, whose rows in sight are moved to it.
func (m *model) list(t tab, own bool, height, rows int) cursorKey {
	if !own {
		return cursorKey{-1, 0}
	}
	c := &m.cursors[t]
	c.visible(height, rows)
	return cursorKey{c.index, c.top}
}

// listRow is a row of a list. The chosen one has a sign, and is reversed as a whole.
func (m *model) listRow(w int, chosen bool, write func(*row)) string {
	r := m.row(w)
	if !chosen {
		write(r.gap(2))
		return r.line()
	}
	r.theme = bareTheme
	write(r.put(inkPlain, "> "))
	if s := m.theme.sgr[inkSelected]; s != "" {
		return "\x1b[" + s + "m" + r.line() + sgrOff
	}
	return r.line()
}

// listed says how many there are, and how many of them are shown.
func (m *model) listed(shown, all int) string {
	if shown == all {
		return "(" + count(int64(all)) + ")"
	}
	return "(" + count(int64(shown)) + " of " + count(int64(all)) + ")"
}

// noRows says why a list is empty.
func (m *model) noRows(what string, all int, otherwise string) string {
	switch {
	case all == 0:
		return otherwise
	case m.filter != "":
		return "no " + what + " matches /" + m.filter + "; esc clears the filter"
	}
	if m.Only != nil {
		return "no " + what + " is of what was asked for with --target"
	}
	return "no " + what + " of " + strings.TrimSpace(size(m.Threshold)) + " or more"
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
