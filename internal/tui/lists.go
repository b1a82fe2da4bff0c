package tui

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// orders are what the lists can be sorted by, the first unless the user chooses.
var orders = [tabs][]string{
	tabMemory:    {"live bytes", "change since the reset", "allocation rate", "bytes allocated"},
	tabProcesses: {"number", "change since the reset", "longest wait", "place"},
	tabGC:        {"time, the newest first", "pause", "duration", "heap before"},
}

// lists are the rows that are listed, in their order. They are made anew only when what
// they are made from has changed: a View's rows are never changed in place, so their
// address tells.
type lists struct {
	sites  list[live.SiteRow]
	byRate list[live.SiteRow]
	groups list[live.GroupRow]
	cycles list[live.CycleRow]
}

type list[T any] struct {
	first  *T
	n      int
	order  int
	filter string
	rows   []*T
}

// of returns the rows that keep accepts, sorted stably: by order 0 they stay as they are.
func (l *list[T]) of(all []T, order int, filter string, keep func(*T) bool, compare func(a, b *T) int) []*T {
	var first *T
	if len(all) > 0 {
		first = &all[0]
	}
	if l.rows != nil && l.first == first && l.n == len(all) && l.order == order && l.filter == filter {
		return l.rows
	}
	rows := make([]*T, 0, len(all))
	for i := range all {
		if keep(&all[i]) {
			rows = append(rows, &all[i])
		}
	}
	if order != 0 {
		slices.SortStableFunc(rows, compare)
	}
	*l = list[T]{first, len(all), order, filter, rows}
	return rows
}

func (m *model) sites() []*live.SiteRow { return m.sitesBy(&m.lists.sites, m.order[tabMemory]) }

// sitesByRate is the second list of a large terminal.
func (m *model) sitesByRate() []*live.SiteRow { return m.sitesBy(&m.lists.byRate, 2) }

func (m *model) sitesBy(l *list[live.SiteRow], order int) []*live.SiteRow {
	return l.of(m.shown.Sites, order, m.filter, func(r *live.SiteRow) bool {
		large := r.Bytes >= m.Threshold || max(r.Change, -r.Change) >= m.Threshold || r.Rate >= float64(max(m.Threshold, 1))
		return large && m.matches(r.Where, r.Stack, "")
	}, func(a, b *live.SiteRow) int {
		switch order {
		case 1:
			return cmp.Compare(b.Change, a.Change)
		case 2:
			return cmp.Compare(orZero(b.Rate), orZero(a.Rate))
		}
		return cmp.Compare(b.Allocated.Bytes, a.Allocated.Bytes)
	})
}

func (m *model) groups() []*live.GroupRow {
	order := m.order[tabProcesses]
	return m.lists.groups.of(m.shown.Groups, order, m.filter, func(r *live.GroupRow) bool {
		return m.matches(r.Created, r.Stack, r.State)
	}, func(a, b *live.GroupRow) int {
		switch order {
		case 1:
			return cmp.Compare(b.Change, a.Change)
		case 2:
			return cmp.Compare(b.Longest, a.Longest)
		}
		return cmp.Compare(a.Created.Place(), b.Created.Place())
	})
}

func (m *model) cycles() []*live.CycleRow {
	order := m.order[tabGC]
	return m.lists.cycles.of(m.shown.Cycles, order, m.filter, func(r *live.CycleRow) bool {
		return m.filter == "" || containsFold(why(r.Why), m.filter) || strings.Contains(count(r.Number), m.filter)
	}, func(a, b *live.CycleRow) int {
		switch order {
		case 1:
			return cmp.Compare(b.Pause, a.Pause)
		case 2:
			return cmp.Compare(b.Took, a.Took)
		}
		return cmp.Compare(b.Before, a.Before)
	})
}

// matches reports whether the filter is in a row: in its place, its state, or a function
// of its stack; and whether it is among what is to be seen at all.
func (m *model) matches(at highwater.Frame, stack []highwater.Frame, state string) bool {
	if m.Only != nil && !m.Only(at.Func) && !slices.ContainsFunc(stack, func(f highwater.Frame) bool { return m.Only(f.Func) }) {
		return false
	}
	if m.filter == "" || containsFold(at.Func, m.filter) || containsFold(at.File, m.filter) || containsFold(state, m.filter) {
		return true
	}
	return slices.ContainsFunc(stack, func(f highwater.Frame) bool { return containsFold(f.Func, m.filter) })
}

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}
