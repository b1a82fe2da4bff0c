package live

import (
	"cmp"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
)

// GroupRow is a group of goroutines as it stands.
type GroupRow struct {
	highwater.GoroutineGroup
	Change int // of their number, since the first listing after the reset
}

type groupKey struct {
	fingerprint, state string
	created            highwater.Frame
}

type groups struct {
	at   time.Time
	now  map[groupKey]highwater.GoroutineGroup
	base map[groupKey]int
	rows []GroupRow
}

func (t *groups) add(s *highwater.Snapshot) {
	at := s.GroupsAt
	if at.IsZero() && len(s.Groups) > 0 {
		at = s.At
	}
	if at.IsZero() || at.Equal(t.at) {
		return
	}
	t.at, t.now = at, byGroup(s.Groups)
	if t.base == nil {
		t.base = counts(t.now)
	}
	t.rows = make([]GroupRow, 0, len(t.now))
	for k, g := range t.now {
		t.rows = append(t.rows, GroupRow{g, g.Count - t.base[k]})
	}
	slices.SortFunc(t.rows, func(a, b GroupRow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), compareGroups(a.GoroutineGroup, b.GoroutineGroup))
	})
}

func (t *groups) reset() {
	if t.now == nil {
		return
	}
	t.base = counts(t.now)
	t.rows = slices.Clone(t.rows)
	for i := range t.rows {
		t.rows[i].Change = 0
	}
}

func counts(all map[groupKey]highwater.GoroutineGroup) map[groupKey]int {
	m := make(map[groupKey]int, len(all))
	for k, g := range all {
		m[k] = g.Count
	}
	return m
}

func byGroup(all []highwater.GoroutineGroup) map[groupKey]highwater.GoroutineGroup {
	m := make(map[groupKey]highwater.GoroutineGroup, len(all))
	for _, g := range all {
		k := groupKey{g.Fingerprint, g.State, g.Created}
		if old, ok := m[k]; ok {
			g.Count += old.Count
			g.Longest = max(g.Longest, old.Longest)
		}
		m[k] = g
	}
	return m
}

func compareGroups(a, b highwater.GoroutineGroup) int {
	return cmp.Or(cmp.Compare(a.Created.Func, b.Created.Func), cmp.Compare(a.Created.File, b.Created.File),
		cmp.Compare(a.Created.Line, b.Created.Line), cmp.Compare(a.State, b.State), cmp.Compare(a.Fingerprint, b.Fingerprint))
}
