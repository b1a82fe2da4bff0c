package gate

import (
	"cmp"
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// allocated is the exact measurement whose sites say what was allocated; nil
// where there is none. The natural processes, whose figures are judged, have no
// profile.
func (s *side) allocated() *highwater.Measurement {
	good := s.good[highwater.PassExact]
	for i := range good {
		if len(good[i].Allocated) > 0 && good[i].AllocatedOps > 0 {
			return &good[i]
		}
	}
	return nil
}

// changedAllocations takes the evidence for a change of alloc_bytes or allocs from
// what both runs allocated, per operation.
func (r *row) changedAllocations(f *highwater.Finding, m highwater.Metric) {
	here, there := r.here.allocated(), r.before.allocated()
	if here == nil || there == nil {
		return
	}
	// The same number of operations on both sides, and exact division at the end:
	// small sites would vanish in whole bytes per operation.
	ops := float64(here.AllocatedOps)
	before := slices.Clone(there.Allocated)
	for i := range before {
		scale := ops / float64(there.AllocatedOps)
		before[i].Bytes = int64(math.Round(float64(before[i].Bytes) * scale))
		before[i].Objects = int64(math.Round(float64(before[i].Objects) * scale))
	}
	amount := func(c highwater.SiteChange) float64 { return float64(c.After - c.Before) }
	if m.Name == highwater.Allocs {
		amount = func(c highwater.SiteChange) float64 { return c.AfterObjects - c.BeforeObjects }
	}
	changes := heap.Diff(before, here.Allocated)
	for i, c := range changes {
		changes[i].New = c.New && surelyNew(c, before)
	}
	changes = slices.DeleteFunc(heap.ChangedPlaces(changes), func(c highwater.SiteChange) bool { return amount(c) == 0 })
	slices.SortStableFunc(changes, func(a, b highwater.SiteChange) int {
		return cmp.Compare(math.Abs(amount(b)), math.Abs(amount(a)))
	})
	whole := moved((f.Observed.Center-f.Reference.Center)*ops, changes, amount)
	for i := range changes {
		c := &changes[i]
		if c.Share = 0; whole > 0 {
			c.Share = amount(*c) / whole
		}
	}
	changes = top(changes, amount)
	for i := range changes {
		c := &changes[i]
		c.Before, c.After = perOp(c.Before, ops), perOp(c.After, ops)
		c.BeforeObjects, c.AfterObjects = round3(c.BeforeObjects/ops), round3(c.AfterObjects/ops)
	}
	f.Evidence = changes
	if i := slices.IndexFunc(changes, func(c highwater.SiteChange) bool { return c.Share > 0 }); i >= 0 {
		f.Fingerprint = changes[i].Site.Fingerprint
		f.Reason += ": " + from(changes[i])
	}
}

func perOp(bytes int64, ops float64) int64 { return int64(math.Round(float64(bytes) / ops)) }

// round3 keeps the thousandths: the profile is a sample, and knows no more.
func round3(v float64) float64 { return math.Round(v*1000) / 1000 }
