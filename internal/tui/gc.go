package tui

import (
	"math"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// collector is the view of the garbage collector.
func (m *model) collector(w, h int) block {
	if m.wide() {
		right := (w - gutter) * 2 / 5
		left := w - gutter - right
		side := append(append(block{}, m.collecting(right, 9)...), blanks(right))
		rest := h - len(side)
		side = append(side, m.shareCourse(right, rest/2)...)
		side = append(side, m.rateCourse(right, rest-rest/2)...)
		return beside(gutter, m.cycleTable(left, h), side.fill(right, h))
	}
	b := append(block{}, m.collecting(w, natural)...)
	return append(b, m.cycleTable(w, h-len(b))...)
}

// collecting is what the collector costs now.
func (m *model) collecting(w, h int) block {
	return m.panel("collecting", w, h, m.shown.Version, func() block {
		v, gc := &m.shown, &m.shown.Snapshot.GC
		var b block
		line := func(name string, write func(*row)) {
			r := m.row(w).cell(inkTitle, name, 13, false)
			write(r)
			b = append(b, r.line())
		}
		// A reason that several figures share is told once, where there is room.
		told := map[string]bool{}
		missing := func(r *row, why string) {
			if told[why] {
				r.put(inkDim, "not seen, for the same reason")
				return
			}
			told[why] = true
			lines := wrap(why, r.left())
			for i, l := range lines[:min(len(lines), 4)] {
				if i > 0 {
					b = append(b, r.line())
					r.again().gap(13)
				}
				r.put(inkDim, l)
			}
		}
		noCPU := m.notSeen(highwater.QuantityGCCPU)
		line("pressure", func(r *row) {
			switch {
			case noCPU != "":
				missing(r, noCPU)
			case !finite(v.Rates.Pressure):
				r.put(inkDim, "not known yet: it takes two looks and a collection")
			default:
				k := inkGood
				if v.Rates.Pressure >= 0.8 { // the standard limit of gc_pressure
					k = inkBad
				} else if v.Rates.Pressure >= 0.5 {
					k = inkWarn
				}
				full := int(math.Round(v.Rates.Pressure * 10))
				r.cell(k, digits(math.Round(v.Rates.Pressure*100)/100), 4, true).gap(1).put(k, strings.Repeat("█", full)).put(inkDim, strings.Repeat("░", 10-full))
				r.gap(1).put(inkDim, "an estimate, of the last "+span(v.Rates.Over)+": CPU share over 25 %")
			}
		})
		line("CPU share", func(r *row) {
			if noCPU != "" {
				missing(r, noCPU)
				return
			}
			r.put(inkPlain, "collector ").put(inkStrong, percent(v.Rates.GCShare)).put(inkPlain, " (assists ").put(inkStrong, percent(v.Rates.AssistShare))
			r.put(inkPlain, "); scavenger ").put(inkStrong, percent(v.Rates.ScavengeShare)).put(inkDim, "; idle included")
		})
		line("collections", func(r *row) {
			if why := m.notSeen(highwater.QuantityCycles); gc.Cycles == 0 && why != "" {
				missing(r, why)
				return
			}
			r.put(inkStrong, count(gc.Cycles)).put(inkPlain, ", "+count(gc.Forced)+" forced; "+countRate(v.Rates.Cycles))
			if gc.Running {
				r.put(inkWarn, "; one is under way")
			}
		})
		line("settings", func(r *row) {
			if s := m.settings(); strings.HasPrefix(s, "not seen") {
				missing(r, s)
			} else {
				r.put(inkPlain, s)
			}
		})
		line("pauses", func(r *row) {
			p := v.Pauses
			if why := m.notSeen(highwater.QuantityPauses); why != "" && p.Count == 0 {
				missing(r, why)
				return
			}
			if p.Count == 0 {
				r.put(inkDim, "none since "+clock(v.ResetAt))
				return
			}
			for _, q := range []struct{ name, value string }{{"p50 ", span(p.P50)}, {"  p95 ", span(p.P95)}, {"  p99 ", span(p.P99)}, {"  max ", span(p.Max)}} {
				r.put(inkPlain, q.name).put(inkStrong, q.value)
			}
			r.put(inkDim, "  of "+count(p.Count))
		})
		return b
	})
}

// settings are GOGC, the memory limit, and whether the CPU limiter has acted.
func (m *model) settings() string {
	gc, mem := &m.shown.Snapshot.GC, &m.shown.Snapshot.Memory
	if why := m.notSeen(highwater.QuantityMemory); why != "" && gc.GOGC == 0 && mem.Limit == 0 {
		return why
	}
	if m.shown.Snapshot.Source == highwater.SourcePprof {
		if gc.GOGC < 0 {
			return "GOGC off; a pprof endpoint does not tell the memory limit"
		}
		return "not seen: a pprof endpoint tells no settings"
	}
	gogc := "GOGC " + count(int64(gc.GOGC))
	switch {
	case gc.GOGC < 0:
		gogc = "GOGC off"
	case gc.GOGC == 0:
		gogc = "GOGC not seen"
	}
	limit := "no memory limit"
	if mem.Limit > 0 {
		limit = "memory limit " + size(mem.Limit)
	}
	limited := "CPU limiter never acted"
	if gc.Limited > 0 {
		limited = "CPU limiter acted last in collection " + count(gc.Limited)
	}
	return gogc + ", " + limit + ", " + limited
}

// cycleTable lists collections as they happen.
func (m *model) cycleTable(w, h int) block {
	type key struct {
		version, order int
		filter         string
		cursor         cursorKey
	}
	rows, order := m.cycles(), m.order[tabGC]
	k := key{m.shown.Version, order, m.filter, m.list(tabGC, true, h-1, len(rows))}
	return m.panel("cycles", w, h, k, func() block {
		wide := w >= 100
		r := m.row(w).gap(2).cell(inkTitle, "number", 7, true).gap(1).cell(inkTitle, "why", 6, false)
		for _, name := range []string{"before", "peak", "after", "goal"} {
			r.cell(inkTitle, name, 9, true)
		}
		r.cell(inkTitle, "took", 8, true).cell(inkTitle, "pause", 8, true).cell(inkTitle, "CPU", 8, true)
		if wide {
			r.gap(2).cell(inkTitle, "ended at", 9, false).put(inkDim, "by "+orders[tabGC][order]+" "+m.listed(len(rows), len(m.shown.Cycles)))
		}
		b := block{r.line()}
		if len(rows) == 0 {
			return append(b, m.paragraph(w, inkDim, or(m.notSeen(highwater.QuantityCycles), m.noRows("collection", len(m.shown.Cycles), "none has ended while it was watched")))...)
		}
		for i := k.cursor.top; i < min(k.cursor.top+h-1, len(rows)); i++ {
			b = append(b, m.listRow(w, i == k.cursor.index, func(r *row) { m.cycle(r, rows[i], wide) }))
		}
		return b
	})
}

func (m *model) cycle(r *row, c *live.CycleRow, wide bool) {
	r.cell(inkStrong, count(c.Number), 7, true).gap(1).cell(inkPlain, why(c.Why), 6, false)
	r.cell(inkHeap, known(c.Before), 9, true).cell(inkHeap, known(c.Peak), 9, true).cell(inkLive, known(c.After), 9, true).cell(inkGoal, known(c.Goal), 9, true)
	r.cell(inkPlain, spanOr(c.Took), 8, true).cell(inkPlain, spanOr(c.Pause), 8, true)
	share := percent(c.Share)
	if c.Of > 1 && share != none {
		share += "*" // of several collections together
	}
	r.cell(inkRate, share, 8, true)
	if wide {
		r.gap(2).cell(inkDim, clock(c.End), 9, false)
		if c.Gap > 0 {
			r.put(inkDim, count(c.Gap)+" before it not seen")
		}
	}
}
