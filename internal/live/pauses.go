package live

import (
	"math"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
)

// MostPauses is how many of the newest pauses the percentiles are of.
const MostPauses = 2048

// Pauses are the times for which collections since the reset have stopped the world,
// one for each collection.
type Pauses struct {
	Count         int64 // that were seen
	Of            int   // the newest ones, which the percentiles are of: at most MostPauses
	P50, P95, P99 time.Duration
	Max           time.Duration // of all since the reset
}

type pauses struct {
	last  int64 // number of the newest collection whose pause is known
	kept  []time.Duration
	count int64
	max   time.Duration
	made  *Pauses
	begun bool
}

// add takes the pauses of collections that were not there at the look before. The newest
// pause belongs to the collection that ended last, the one before to that before.
func (t *pauses) add(s *highwater.Snapshot) {
	if !t.begun {
		// What was before the first look was before anybody watched.
		t.begun, t.last = true, s.GC.Cycles
		if len(s.Cycles) > 0 {
			t.last = min(t.last, s.Cycles[0].Number-1)
		}
	}
	n := int64(len(s.GC.Pauses))
	for i, p := range s.GC.Pauses {
		t.take(s.GC.Cycles-n+1+int64(i), p)
	}
	for _, c := range s.Cycles {
		if c.Pause > 0 {
			t.take(c.Number, c.Pause)
		}
	}
}

func (t *pauses) take(number int64, p time.Duration) {
	if number <= t.last {
		return
	}
	t.last, t.made = number, nil
	t.count++
	t.max = max(t.max, p)
	if len(t.kept) >= 2*MostPauses {
		t.kept = slices.Clone(t.kept[MostPauses:])
	}
	t.kept = append(t.kept, p)
}

func (t *pauses) reset() { *t = pauses{last: t.last, begun: t.begun} }

func (t *pauses) summary() Pauses {
	if t.made == nil {
		sorted := slices.Clone(t.kept[max(len(t.kept)-MostPauses, 0):])
		slices.Sort(sorted)
		t.made = &Pauses{t.count, len(sorted), nearest(sorted, 0.50), nearest(sorted, 0.95), nearest(sorted, 0.99), t.max}
	}
	return *t.made
}

// nearest is a percentile by the nearest rank (NIST/SEMATECH e-Handbook, 7.2.6.2, and
// the definition that needs no interpolation): a pause that happened.
func nearest(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	i := int(math.Ceil(p*float64(len(sorted)))) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}
