package live

import (
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
)

// MostCycles is how many of the newest collections are kept.
const MostCycles = 200

// CycleRow is one collection.
type CycleRow struct {
	highwater.Cycle
	// Share is the collector's part of the CPU time from the end of the collections that
	// the look before had seen to the end of those that this one has, a ratio: where Of
	// is 1, it is this collection's alone. NaN where it is not known.
	Share float64
	Of    int64
	// Gap is how many collections ended unseen between this one and the next older row.
	Gap int64
}

type cycles struct {
	rows   []CycleRow // the oldest first
	last   int64      // of the newest that was
	missed int64
}

func (t *cycles) add(s *highwater.Snapshot, before *highwater.Snapshot) {
	share, of := math.NaN(), int64(0)
	if before != nil && s.Lacks[highwater.QuantityGCCPU] == "" {
		if of = s.GC.Cycles - before.GC.Cycles; of > 0 {
			if total := s.GC.TotalSeconds - before.GC.TotalSeconds; total > 0 && s.GC.GCSeconds >= before.GC.GCSeconds {
				share = min((s.GC.GCSeconds-before.GC.GCSeconds)/total, 1)
			}
		}
	}
	for _, c := range s.Cycles {
		if c.Number <= t.last {
			continue // seen already
		}
		row := CycleRow{Cycle: c, Share: share, Of: max(of, 1)}
		if t.last > 0 {
			row.Gap = c.Number - t.last - 1
			t.missed += row.Gap
		}
		t.last = c.Number
		t.rows = append(t.rows, row)
	}
	if len(t.rows) > 2*MostCycles {
		t.rows = slices.Clone(t.rows[len(t.rows)-MostCycles:])
	}
}

// frozen is the newest rows, the newest first.
func (t *cycles) frozen() ([]CycleRow, int64) {
	rows := slices.Clone(t.rows[max(len(t.rows)-MostCycles, 0):])
	slices.Reverse(rows)
	return rows, t.missed
}
