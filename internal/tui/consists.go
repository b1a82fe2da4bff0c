package tui

import (
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// partLooks are the signs of the parts in the bar: each has one of its own, so that they
// are told apart without colour.
var partLooks = map[string]struct {
	sign string
	ink  ink
}{
	highwater.PartLive:      {"█", inkLive},
	highwater.PartNew:       {"▓", inkHeap},
	live.PartHeap:           {"▓", inkHeap}, // in the place of the two
	highwater.PartUnused:    {"▒", inkGoal},
	highwater.PartStacks:    {"▚", inkStacks},
	highwater.PartMetadata:  {"▄", inkMetadata},
	highwater.PartFree:      {"░", inkFree},
	highwater.PartOffHeap:   {"▌", inkRSS},
	highwater.PartUntouched: {" ", inkPlain}, // below zero: not in the bar
}

// consists says what resident memory consists of, as a bar and as figures that add up
// to it.
func (m *model) consists(w, h int) block {
	return m.panel("consists", w, h, m.shown.Version, func() block {
		s, v := &m.shown.Snapshot, &m.shown
		more := ""
		if finite(v.Rates.AllocBytes) {
			more = "allocating " + sizeRate(v.Rates.AllocBytes)
		}
		if s.Memory.Limit > 0 {
			more += "; limit " + size(s.Memory.Limit)
		}
		b := block{m.heading(w, "resident memory "+known(s.Memory.RSS), strings.TrimPrefix(more, "; "))}
		if len(v.Parts) == 0 {
			why := m.notSeen(highwater.QuantityMemory, highwater.QuantityRSS, highwater.QuantityOffHeap)
			b = append(b, m.paragraph(w, inkDim, "what it consists of: "+or(why, "not known, without the runtime's account and RSS"))...)
			return append(b, m.paragraph(w, inkPlain, m.figuresOf(&s.Memory))...)
		}
		b = append(b, m.bar(w, v.Parts))
		cells := make([]func(*row), 0, len(v.Parts)+1)
		for _, p := range v.Parts {
			cells = append(cells, func(r *row) { partRow(r, p, s.Memory.RSS) })
		}
		cells = append(cells, func(r *row) {
			r.put(inkStrong, "= ").cell(inkStrong, "RSS", 18, false).cell(inkStrong, size(s.Memory.RSS), 8, true)
			sumChange(r, s.Memory.RSS-v.Base.Memory.RSS, v.Base.Memory.RSS)
		})
		columns := 1
		if h-len(b) < len(cells) {
			columns = 2
		}
		each := (w - gutter*(columns-1)) / columns
		lines := (len(cells) + columns - 1) / columns
		for i := range lines {
			r := m.row(w)
			for c := range columns {
				r.gap(c*(each+gutter) - r.used)
				if at := c*lines + i; at < len(cells) {
					cells[at](r)
				}
			}
			b = append(b, r.line())
		}
		return b
	})
}

func partRow(r *row, p live.PartRow, rss int64) {
	look := partLooks[p.Name]
	r.put(look.ink, or(look.sign, "?")).gap(1).cell(inkPlain, p.Name, 18, false).cell(inkStrong, size(p.Bytes), 8, true)
	r.gap(1).cell(change(p.Change), signed(p.Change), 9, true)
	if r.left() >= 18 && r.used < 50 && r.width < 2*39 { // a column of its own
		r.cell(inkDim, percent(float64(p.Bytes)/float64(rss)), 8, true)
	}
}

func sumChange(r *row, by, base int64) {
	if base > 0 {
		r.gap(1).cell(change(by), signed(by), 9, true)
	}
}

// figuresOf are those of a process whose account is not known.
func (m *model) figuresOf(s *highwater.Memory) string {
	var all []string
	for _, f := range []struct {
		name string
		n    int64
	}{{"RSS", s.RSS}, {"high-water mark", s.HighWater}, {"live heap", s.Live}, {"heap", s.Heap}, {"heap goal", s.Goal}, {"stacks", s.Stacks}} {
		if f.n > 0 {
			all = append(all, f.name+" "+size(f.n))
		}
	}
	return strings.Join(all, ", ")
}

// bar shows the parts that are there, as long as they are large.
func (m *model) bar(w int, parts []live.PartRow) string {
	total := 0.0 // what an endpoint answers may be more than there are bytes in the world
	for _, p := range parts {
		total += float64(max(p.Bytes, 0))
	}
	r := m.row(w)
	before := 0.0
	for _, p := range parts {
		if p.Bytes <= 0 || total <= 0 {
			continue
		}
		// Where a part ends is rounded, and not how long it is: the bar is always full.
		before += float64(p.Bytes)
		end := int(before / total * float64(w))
		look := partLooks[p.Name]
		r.put(look.ink, strings.Repeat(or(look.sign, "?"), max(end-r.used, 0)))
	}
	return r.line()
}
