package advise

import (
	"fmt"
	"math"
)

// Model is the collector of one process, by the model of the guide to Go's garbage
// collector (go.dev/doc/gc-guide, sections "GOGC" and "Costs"): the heap grows from what is
// live by GOGC percent of that and of the roots before the next collection, and the
// collector's CPU time is in proportion to the number of collections. So, with L live and
// the roots R,
//
//	peak heap = L + (L + R) · GOGC/100
//	collector's time for the same work = what it was · (old headroom ÷ new headroom)
//
// No heap is smaller than 4 MiB · GOGC/100 (heapMinimum in runtime/mgcpacer.go).
type Model struct {
	Live  int64   `json:"live_bytes"`
	Roots int64   `json:"root_bytes"` // stacks and globals that are scanned
	GOGC  int     `json:"gogc"`       // at which Share was seen
	Share float64 `json:"gc_share"`   // of the collector in all CPU time that was used, a ratio
}

// defaultGOGC is the runtime's.
const defaultGOGC = 100

// heapMinimum is the runtime's, for a GOGC of 100.
const heapMinimum = 4 << 20

// Peak is the heap just before a collection ends, in bytes.
func (m Model) Peak(gogc int) int64 {
	grown := m.Live + int64(float64(m.Live+m.Roots)*float64(gogc)/defaultGOGC)
	return max(grown, heapMinimum*int64(gogc)/defaultGOGC)
}

// headroom is what may be allocated between two collections.
func (m Model) headroom(gogc int) float64 { return math.Max(float64(m.Peak(gogc)-m.Live), 1) }

// ShareAt is the collector's share of CPU time under another GOGC: the rest of the work
// stays as it is.
func (m Model) ShareAt(gogc int) float64 {
	if m.Share <= 0 || m.Share >= 1 {
		return m.Share
	}
	cost := m.Share / (1 - m.Share) * m.headroom(m.GOGC) / m.headroom(gogc)
	return cost / (1 + cost)
}

// Shares of CPU time: what a collector may take without anybody minding, and from which it
// is worth a setting.
const (
	quietShare = 0.05
	busyShare  = 0.10
)

// settings are the values of GOGC that are looked at.
var settings = []int{50, 75, 100, 150, 200, 300, 400, 600, 800}

// collector advises on GOGC from a model that is fitted to this process: a higher one
// where the collector takes a tenth of the CPU time, the least that brings it under a
// twentieth or halves it; a lower one where it takes next to nothing and the headroom is
// large. It is a forecast, never more than moderate: package frontier proves it by
// running, and what it found takes the forecast's place.
func collector(f *facts) []Advice {
	if f.Frontier != nil {
		return f.faster(*f.Frontier)
	}
	m, ok := f.model()
	if !ok {
		return nil
	}
	switch {
	case m.Share >= busyShare:
		for _, g := range settings {
			if g > m.GOGC && (m.ShareAt(g) <= quietShare || m.ShareAt(g) <= m.Share/2) {
				a := f.setting(m, g)
				a.Title = fmt.Sprintf("the collector takes %s of the CPU time that the program uses: GOGC=%d would let it take %s", share(m.Share), g, share(m.ShareAt(g)))
				a.SavedCPU = m.Share - m.ShareAt(g)
				a.SavedBytes = m.Peak(m.GOGC) - m.Peak(g)
				return []Advice{a}
			}
		}
	case m.Share < quietShare/5 && m.GOGC >= defaultGOGC:
		const largeHeadroom = 32 << 20
		g := m.GOGC / 2
		if spare := m.Peak(m.GOGC) - m.Peak(g); spare >= largeHeadroom/2 && m.ShareAt(g) < quietShare {
			a := f.setting(m, g)
			a.Title = fmt.Sprintf("the collector has next to nothing to do: GOGC=%d would take %s less memory", g, f.size(float64(spare)))
			a.SavedBytes = spare
			return []Advice{a}
		}
	}
	return nil
}

func (f *facts) setting(m Model, g int) Advice {
	return Advice{
		Known: true, Modelled: true,
		Evidence: []string{
			fmt.Sprintf("%s live at GOGC=%d, where the collector takes %s of the CPU time that the program uses", f.size(float64(m.Live)), m.GOGC, share(m.Share)),
			fmt.Sprintf("by the model the heap's peak goes from %s to %s, and the collector's share to %s", f.size(float64(m.Peak(m.GOGC))), f.size(float64(m.Peak(g))), share(m.ShareAt(g))),
		},
		How:   fmt.Sprintf("set GOGC=%d, or debug.SetGCPercent(%d), with GOMEMLIMIT as the ceiling; a scenario proves it by running at several settings", g, g),
		Found: "GOGC: the model of go.dev/doc/gc-guide, fitted to the live heap and to the collector's share of this process",
	}
}

// model is fitted where the live heap, GOGC and the share are known.
func (f *facts) model() (Model, bool) {
	if !f.collected || f.live <= 0 {
		return Model{}, false
	}
	m := Model{Live: f.live, GOGC: defaultGOGC, Share: f.gcShare}
	if f.last != nil {
		m.Live, m.Roots = f.last.Memory.Live, f.last.Memory.Stacks
		if m.GOGC = f.last.GC.GOGC; m.GOGC == 0 {
			m.GOGC = defaultGOGC
		}
	}
	return m, m.GOGC > 0 && m.Live > 0
}

func share(s float64) string { return fmt.Sprintf("%.1f %%", 100*s) }
