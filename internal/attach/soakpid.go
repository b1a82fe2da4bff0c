package attach

import (
	"context"
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// memoryPID is one process whose runtime is read, too.
type memoryPID struct {
	*process
	inside Inside
}

// PIDWithin is a process by its id, as [PID] has it, whose runtime is read as well where
// o.Inside can: its live heap, sites and goroutines, at every reading. Nothing is forced
// in it: the live heap is what its own last collection has found, and Point.Cycle says
// which one that was. Otherwise o.Why says why it is not seen. Close closes o.Inside.
func PIDWithin(pid int, o PIDOptions) (Source, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	return pidWithin(procfs.Root, pid, o)
}

func pidWithin(proc procfs.FS, pid int, o PIDOptions) (Source, error) {
	p, err := pidIn(proc, pid)
	switch {
	case err != nil:
		return nil, err
	case o.Inside == nil:
		p.why = o.Why
		return p, nil
	}
	if h, ok := o.Inside.(interface{ HeapObject() (uint64, error) }); ok {
		p.object, _ = h.HeapObject() // without it memory off the heap is not judged
	}
	return &memoryPID{process: p, inside: o.Inside}, nil
}

func (m *memoryPID) Kind() highwater.SoakSource { return highwater.SourceMemory }
func (m *memoryPID) Close() error               { return m.inside.Close() }

func (m *memoryPID) Read(ctx context.Context) (Reading, error) {
	r, err := m.process.Read(ctx)
	if err != nil {
		return Reading{}, err
	}
	for _, q := range []highwater.Quantity{highwater.QuantityLive, highwater.QuantitySites, highwater.QuantityGoroutines} {
		delete(m.lacks, q)
	}
	if m.object != 0 { // else what is mapped cannot be told from the heap
		delete(m.lacks, highwater.QuantityOffHeap)
	}
	s := highwater.Snapshot{Lacks: map[highwater.Quantity]string{}}
	if err := m.inside.Fill(&s, true); err != nil {
		if ended := m.alive(ctx); ended != nil {
			return Reading{}, ended
		}
		return Reading{}, fmt.Errorf("%s: its memory could not be read: %w", m.name, err)
	}
	p := &r.Point
	p.Heap, p.Stacks, p.Cycle = s.Memory.Live, s.Memory.Stacks, s.GC.Cycles
	p.Runtime, p.Bookkeeping = max(s.Memory.Total-s.Memory.Released, 0), s.Memory.Metadata
	p.Goroutines = s.Goroutines
	if why := s.Lacks[highwater.QuantitySites]; why != "" {
		m.lacks[highwater.QuantitySites] = why
	}
	if why := s.Lacks[highwater.QuantityStates]; why != "" {
		m.lacks[highwater.QuantityGoroutines] = why
	} else {
		r.Goroutines = series(anyState(s.Groups))
	}
	r.Rate = s.Rate
	for _, u := range s.Sites {
		if u.Bytes > 0 && u.Objects > 0 {
			r.Sites = append(r.Sites, u.Site)
		}
	}
	return r, nil
}

// anyState takes groups together that differ in what they do alone: a soak counts who
// is there.
func anyState(all []highwater.GoroutineGroup) []highwater.GoroutineGroup {
	at := map[string]int{}
	var out []highwater.GoroutineGroup
	for _, g := range all {
		i, known := at[g.Fingerprint]
		if !known {
			at[g.Fingerprint] = len(out)
			out = append(out, g)
			continue
		}
		out[i].Count += g.Count
		out[i].Longest = max(out[i].Longest, g.Longest)
	}
	slices.SortStableFunc(out, func(a, b highwater.GoroutineGroup) int { return b.Count - a.Count })
	return out
}
