package inspect

import (
	"math"

	"github.com/highwater-dev/highwater"
)

// delta is the runtime's account of the heap, in bytes and objects; see
// runtime.heapStatsDelta.
type delta struct {
	committed, released, inHeap, inStacks, inWork int64
	allocated, freed                              highwater.Allocated
	bytes                                         int64 // of objects that are there
}

// deltas adds up the account, which the runtime keeps in a ring of three: writers add
// to one of them, and a reader inside moves the ring on. Outside, the sum is as good.
func (p *Process) deltas(stats []byte) delta {
	l := &p.layout.delta
	const ring = 3
	all := p.layout.stats.ring.words(stats)
	size := len(all) / ring
	var d delta
	for i := range ring {
		b := all[i*size:][:size]
		d.committed += l.committed.int(b)
		d.released += l.released.int(b)
		d.inHeap += l.inHeap.int(b)
		d.inStacks += l.inStacks.int(b)
		d.inWork += l.inWork.int(b) + l.inBits.int(b)
		d.allocated.Bytes += l.largeAlloc.int(b)
		d.allocated.Objects += l.largeAllocs.int(b)
		d.freed.Bytes += l.largeFree.int(b)
		d.freed.Objects += l.largeFrees.int(b)
		allocs, frees := l.smallAllocs.words(b), l.smallFrees.words(b)
		for class, size := range p.classes {
			if 8*class+8 > min(len(allocs), len(frees)) {
				break
			}
			allocated, freed := int64(word(allocs, class)), int64(word(frees, class))
			d.allocated.Objects += allocated
			d.freed.Objects += freed
			d.allocated.Bytes += allocated * int64(size)
			d.freed.Bytes += freed * int64(size)
		}
	}
	d.bytes = d.allocated.Bytes - d.freed.Bytes
	return d
}

// slack is by how much two counts of the same may differ because one was read some
// microseconds later, in bytes: a few spans, or one large object.
const slack = 64 << 20

// fits reports an account that can be: nothing in it is negative, and the pacer has
// about the same number for the spans of the heap. While a reader inside moves the ring
// on, one of three parts may be there twice, or not at all.
func (d delta) fits(inUse int64) bool {
	for _, n := range []int64{
		d.committed, d.released, d.inHeap, d.inStacks, d.inWork, d.bytes,
		d.allocated.Bytes, d.allocated.Objects, d.freed.Bytes, d.freed.Objects,
		d.allocated.Objects - d.freed.Objects, d.committed - d.inHeap - d.inStacks - d.inWork,
	} {
		if n < 0 || n > math.MaxInt64/4 {
			return false
		}
	}
	return max(d.inHeap-inUse, inUse-d.inHeap) <= max(slack, inUse/8)
}

// account fills in Memory and Allocated. Each figure is what runtime/metrics.go
// computes for the metric beside it.
func (p *Process) account(r raw, out *State) error {
	s, c := &p.layout.stats, &p.layout.pacer
	d := p.deltas(r.stats)
	if !d.fits(c.inUse.int(r.pacer)) {
		return errTorn
	}
	tables := int64(0)
	for _, f := range []field{s.spans, s.caches, s.buckets, s.collector, s.others} {
		n := f.int(r.stats)
		if n < 0 || n > math.MaxInt64/16 {
			return errTorn
		}
		tables += n
	}
	threads := s.stacks.int(r.stats)
	out.Memory = highwater.Memory{
		Live:     c.marked.int(r.pacer),                          // /gc/heap/live
		Heap:     d.bytes,                                        // /memory/classes/heap/objects
		InUse:    max(d.inHeap, d.bytes),                         // and /memory/classes/heap/unused
		Stacks:   d.inStacks + threads,                           // /memory/classes/heap/stacks and os-stacks
		Metadata: tables + d.inWork,                              // /memory/classes/metadata/*, profiling/buckets and other
		Free:     d.committed - d.inHeap - d.inStacks - d.inWork, // /memory/classes/heap/free
		Released: d.released,                                     // /memory/classes/heap/released
		Total:    d.committed + d.released + threads + tables,    // /memory/classes/total
	}
	if out.Memory.Live < 0 || threads < 0 {
		return errTorn
	}
	out.Allocated = d.allocated
	if limit := c.limit.int(r.pacer); limit != math.MaxInt64 {
		out.Memory.Limit = limit
	}
	if goal := p.goal(r.pacer); goal <= math.MaxInt64 {
		out.Memory.Goal = int64(goal)
	}
	return nil
}

// goal is gcControllerState.heapGoal; see runtime/mgcpacer.go, which says why. It is
// the largest number where there is neither GOGC nor a memory limit.
func (p *Process) goal(b []byte) uint64 {
	const minRunway = 64 << 10
	c := &p.layout.pacer
	goal := c.percentGoal.of(b)
	if limited := p.limitedGoal(b); limited < goal {
		return limited
	}
	goal = max(goal, c.sweepTrigger.of(b))
	if triggered := c.triggered.of(b); triggered != math.MaxUint64 {
		goal = max(goal, triggered+minRunway)
	}
	return goal
}

// limitedGoal is the goal that GOMEMLIMIT allows: gcControllerState.memoryLimitHeapGoal.
func (p *Process) limitedGoal(b []byte) uint64 {
	const (
		headroomPercent = 3
		minHeadroom     = 1 << 20
	)
	c := &p.layout.pacer
	heap := c.totalAlloc.of(b) - c.totalFree.of(b)
	free, ready, limit, marked := c.free.of(b), c.ready.of(b), c.limit.of(b), c.marked.of(b)
	if limit >= math.MaxInt64 {
		return math.MaxUint64
	}
	used := ready // by what is not heap, and over the limit
	if free+heap <= ready {
		used -= free + heap
	} else {
		used = 0 // read in the middle of a change
	}
	if ready > limit {
		used += ready - limit
	}
	if used >= limit {
		return marked
	}
	goal := limit - used
	headroom := max(goal/100*headroomPercent, minHeadroom)
	if goal < headroom || goal-headroom < headroom {
		goal = headroom
	} else {
		goal -= headroom
	}
	return max(goal, marked)
}
