package measure

import (
	"cmp"
	"slices"
)

// What a Soak has of all that was tracked: first what grows steadily, which a judge
// might name, then what rose most and what holds most.
const (
	mostGrowing = 40
	mostRisen   = 10
	mostHolding = 10
	leastPicked = 40 // if there are as many
)

// growing is the rank correlation with time from which on something is taken to grow.
// A judge that wants more finds all of its suspects among those.
const growing = 0.5

// windows are the parts of a soak, from their beginning to the end, in which growth is
// looked for: a warm-up hides it in the whole.
var windows = []float64{0, 0.25, 0.5, 0.75}

// pick chooses among the tracks, those that hold most at the last of n points first.
func (ts *tracks[K, V]) pick(n int) []*track[V] {
	type ranked struct {
		*track[V]
		rise   int64 // the largest in any window
		steady int64 // the largest in a window in which it grows
		last   int64
		taken  bool
	}
	all := make([]ranked, 0, len(ts.by))
	for _, t := range ts.by {
		r := ranked{track: t, last: t.at(n - 1)}
		for _, w := range windows {
			begin := int(w * float64(n))
			rise := r.last - t.at(begin)
			r.rise = max(r.rise, rise)
			if rise > r.steady && t.steadiness(n, begin) >= growing {
				r.steady = rise
			}
		}
		all = append(all, r)
	}
	var out []*track[V]
	take := func(most int, by func(r ranked) int64) {
		// What is equal comes in the order of the map: the others decide.
		slices.SortStableFunc(all, func(a, b ranked) int {
			return cmp.Or(cmp.Compare(by(b), by(a)), cmp.Compare(b.last, a.last), cmp.Compare(b.rise, a.rise), cmp.Compare(a.start, b.start))
		})
		for i := range all {
			if most == 0 || by(all[i]) <= 0 {
				return
			}
			if !all[i].taken {
				all[i].taken = true
				out = append(out, all[i].track)
				most--
			}
		}
	}
	take(mostGrowing, func(r ranked) int64 { return r.steady })
	take(mostRisen, func(r ranked) int64 { return r.rise })
	take(max(mostHolding, leastPicked-len(out)), func(r ranked) int64 { return r.last })
	slices.SortStableFunc(out, func(a, b *track[V]) int { return cmp.Compare(b.at(n-1), a.at(n-1)) })
	return out
}

// looked is how many points of a course are compared with each other: all with all is
// too much for thousands of courses.
const looked = 30

// steadiness is Kendall's rank correlation with time (tau-a) of points evenly spread
// from begin to the last of n: 1 for what rises from each to the next.
func (t *track[V]) steadiness(n, begin int) float64 {
	span := n - begin
	m := min(span, looked)
	if m < 2 {
		return 0
	}
	values := make([]int64, m)
	for i := range values {
		values[i] = t.at(begin + i*(span-1)/(m-1))
	}
	sum := 0
	for i := range values {
		for _, later := range values[i+1:] {
			sum += cmp.Compare(later, values[i])
		}
	}
	return float64(sum) / float64(m*(m-1)/2)
}
