package measure

import (
	"cmp"
	"slices"
)

// track is the course of one thing, as of the point at which it was first seen.
type track[V any] struct {
	of     V   // as it was seen last
	start  int // the point of the first value
	values []int64
}

// at is the value at a point: 0 before the first and after the last.
func (t *track[V]) at(i int) int64 {
	if i -= t.start; i >= 0 && i < len(t.values) {
		return t.values[i]
	}
	return 0
}

// series are the values at n points, in a slice of its own.
func (t *track[V]) series(n int) []int64 {
	out := make([]int64, n)
	if t.start < n {
		copy(out[t.start:], t.values)
	}
	return out
}

// tracks are the courses of all things of one kind.
type tracks[K comparable, V any] struct {
	by   map[K]*track[V]
	held int // values in all
}

// add notes a value at the last point. Of two for one thing at one point the sum is
// taken, and what join makes of the two.
func (ts *tracks[K, V]) add(id K, at int, value int64, of V, join func(a, b V) V) {
	if ts.by == nil {
		ts.by = map[K]*track[V]{}
	}
	t := ts.by[id]
	if t == nil {
		t = &track[V]{start: at}
		ts.by[id] = t
	}
	if t.start+len(t.values) == at+1 { // it has been there at this point
		t.values[len(t.values)-1] += value
		t.of = join(t.of, of)
		return
	}
	for t.start+len(t.values) < at {
		t.values = append(t.values, 0)
		ts.held++
	}
	t.values = append(t.values, value)
	t.of = of
	ts.held++
}

// truncate drops what was seen at a point and after.
func (ts *tracks[K, V]) truncate(at int) {
	for id, t := range ts.by {
		if n := max(0, at-t.start); n < len(t.values) {
			ts.held -= len(t.values) - n
			t.values = t.values[:n]
		}
		if len(t.values) == 0 {
			delete(ts.by, id)
		}
	}
}

// keep leaves the points of that list alone.
func (ts *tracks[K, V]) keep(points []int) {
	ts.held = 0
	for id, t := range ts.by {
		start, _ := slices.BinarySearch(points, t.start)
		end, _ := slices.BinarySearch(points, t.start+len(t.values))
		values := make([]int64, 0, end-start)
		for _, i := range points[start:end] {
			values = append(values, t.at(i))
		}
		if t.start, t.values = start, values; len(values) == 0 {
			delete(ts.by, id)
		}
		ts.held += len(values)
	}
}

// forget makes room when there are too many: three quarters of what is allowed are
// left. Something that grows steadily is worth ten times what it holds.
func (ts *tracks[K, V]) forget(n int) {
	if len(ts.by) <= maxTracks && ts.held <= maxValues {
		return
	}
	type valued struct {
		id    K
		worth float64
	}
	all := make([]valued, 0, len(ts.by))
	for id, t := range ts.by {
		all = append(all, valued{id, float64(t.at(n-1)) * (1 + 9*max(0, t.steadiness(n, t.start)))})
	}
	slices.SortFunc(all, func(a, b valued) int { return cmp.Compare(a.worth, b.worth) })
	for _, v := range all {
		if len(ts.by) <= maxTracks*3/4 && ts.held <= maxValues*3/4 {
			return
		}
		ts.held -= len(ts.by[v.id].values)
		delete(ts.by, v.id)
	}
}
