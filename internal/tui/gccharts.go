package tui

import (
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

var (
	shareCurves = []curve{{"GC", inkRate, func(p *live.Point) float64 { return p.GCShare }}}
	rateCurves  = []curve{{"alloc", inkHeap, func(p *live.Point) float64 { return p.AllocRate }}}
)

type courseKey struct {
	version int
	whole   bool
}

// shareCourse is the collector's part of the CPU time over time.
func (m *model) shareCourse(w, h int) block {
	return m.panel("share", w, h, courseKey{m.shown.Version, m.whole}, func() block {
		b := block{m.heading(w, "the collector's share of CPU time, idle included", "25 % is a pressure of 1")}
		if why := m.notSeen(highwater.QuantityGCCPU); why != "" {
			return append(b, m.paragraph(w, inkDim, why)...)
		}
		return append(b, m.chart("share", w, h-1, m.points(), shareCurves, shareTick)...)
	})
}

// rateCourse is what the program allocates over time.
func (m *model) rateCourse(w, h int) block {
	return m.panel("rate", w, h, courseKey{m.shown.Version, m.whole}, func() block {
		b := block{m.heading(w, "allocating", sizeRate(m.shown.Rates.AllocBytes))}
		if why := m.notSeen(highwater.QuantityAllocated); why != "" {
			return append(b, m.paragraph(w, inkDim, why)...)
		}
		return append(b, m.chart("rate", w, h-1, m.points(), rateCurves, rateTick)...)
	})
}

func spanOr(d time.Duration) string {
	if d <= 0 {
		return none
	}
	return span(d)
}
