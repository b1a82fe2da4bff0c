package live

import (
	"maps"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
)

// History is what was seen of a process so far. It is not safe for concurrent use; the
// Views that it makes are.
type History struct {
	version  int
	looks    int
	restarts int
	ended    string
	last     *highwater.Snapshot
	base     highwater.Snapshot // as of the reset, without what is kept apart
	began    time.Time

	series series
	marks  []mark
	sites  sites
	groups groups
	cycles cycles
	pauses pauses

	view *View // nil when something has changed since it was made
}

// Add takes the newest look. One that is not newer than the one before is left out,
// unless it says how the process ended.
//
// The History keeps what the snapshot refers to: nobody may change it afterwards.
func (h *History) Add(s highwater.Snapshot) {
	if s.Ended != "" {
		h.end(s.Ended)
		// The last look at a process that has gone often holds no figures: the picture
		// before is the last one then.
		if h.last != nil && s.Memory.RSS <= 0 && s.Memory.Total <= 0 && s.Memory.Heap <= 0 {
			return
		}
	}
	if h.last != nil && !s.At.After(h.last.At) {
		return
	}
	h.view = nil
	h.version++
	h.looks++
	before := h.last
	if before != nil && another(before, &s) {
		// What was counted before was counted in another process. The course of its
		// memory stays in sight.
		h.restarts++
		before = nil
		h.marks, h.sites, h.groups, h.cycles, h.pauses = nil, sites{}, groups{}, cycles{}, pauses{}
		h.base = s
	}
	if h.last == nil {
		h.began, h.base = s.At, s
	}
	if s.Ended == "" {
		h.ended = ""
	}
	h.marks = addMark(h.marks, markOf(&s))
	h.series.add(pointOf(&s, h.marks))
	h.sites.add(&s)
	h.groups.add(&s)
	h.cycles.add(&s, before)
	h.pauses.add(&s)
	h.last = &s
}

func (h *History) end(how string) {
	h.ended, h.view = how, nil
	h.version++
}

// Reset makes the newest look the one from which changes and percentiles are counted.
// The courses over time stay.
func (h *History) Reset() {
	if h.last == nil {
		return
	}
	h.view = nil
	h.version++
	h.base = *h.last
	h.sites.reset()
	h.groups.reset()
	h.cycles.missed = 0
	h.pauses.reset()
}

// View is the picture of now. It is made anew only when something has changed.
func (h *History) View() View {
	if h.view != nil {
		return *h.view
	}
	v := View{Version: h.version, Looks: h.looks, Restarts: h.restarts, Ended: h.ended}
	if h.last != nil {
		v.Snapshot, v.Base = *h.last, h.base
		v.Began, v.ResetAt = h.began, h.base.At
		v.Recent, v.All = h.series.frozen()
		v.Rates = ratesOf(h.marks, h.last)
		v.Parts = partRows(h.last, &h.base)
		v.Sites, v.SitesBefore = h.sites.rows, h.sites.before()
		v.Groups = h.groups.rows
		v.Cycles, v.Missed = h.cycles.frozen()
		v.Pauses = h.pauses.summary()
		v.Processes = tree(h.last.Processes)
	}
	h.view = &v
	return v
}

// another reports whether b is of another process than a: a new process id, or a
// counter that has gone back.
func another(a, b *highwater.Snapshot) bool {
	if a.PID != 0 && b.PID != 0 && a.PID != b.PID {
		return true
	}
	if a.PID == 0 && b.PID == 0 && len(a.Processes) > 0 && len(b.Processes) > 0 && !meet(a.Processes, b.Processes) {
		return true
	}
	// A counter that the source lost for one look is zero, and has not gone back.
	back := func(x, y int64) bool { return y > 0 && y < x }
	return back(a.Allocated.Bytes, b.Allocated.Bytes) || back(a.Allocated.Objects, b.Allocated.Objects) ||
		back(a.GC.Cycles, b.GC.Cycles) || back(a.Ops, b.Ops)
}

// meet reports whether two trees have a process in common.
func meet(a, b []highwater.Process) bool {
	return slices.ContainsFunc(a, func(p highwater.Process) bool {
		return slices.ContainsFunc(b, func(q highwater.Process) bool { return q.PID == p.PID })
	})
}

// Lack is a quantity that cannot be seen, and why.
type Lack struct {
	Quantity highwater.Quantity
	Why      string
}

// Lacking lists what the source of the newest look cannot tell, by name.
func (v *View) Lacking() []Lack {
	var all []Lack
	for _, q := range slices.Sorted(maps.Keys(v.Snapshot.Lacks)) {
		all = append(all, Lack{q, v.Snapshot.Lacks[q]})
	}
	return all
}
