package live

import (
	"time"

	"github.com/highwater-dev/highwater"
)

// Comparison is what two snapshots differ in.
type Comparison struct {
	From, To time.Time
	Elapsed  time.Duration
	// Parts are those that RSS consists of; nil where one of the two does not know them.
	// They add up to the change of RSS.
	Parts []Change
	// Figures are the others, in bytes and in numbers.
	Bytes, Counts []Change
	// Sites and Groups are what has changed, most first.
	Sites  []SiteChange
	Groups []GroupChange
	// Cautions are reasons for which figures cannot be set against each other as they
	// stand.
	Cautions []string
}

// Change is a figure in both snapshots.
type Change struct {
	Name          string
	Before, After int64
}

// By is what was added.
func (c Change) By() int64 { return c.After - c.Before }

// Swings reports whether the figure goes up and down with each collection: two moments say
// nothing of an hour then.
func (c Change) Swings() bool {
	switch c.Name {
	case heapFigure, PartHeap, highwater.PartNew, highwater.PartUnused, highwater.PartFree:
		return true
	}
	return false
}

// heapFigure is all objects on the heap, live or not.
const heapFigure = "heap"

// SiteChange is the live bytes of an allocation site. Site is as of the later snapshot
// that has it. A snapshot that does not list a site counts as zero: it may have kept the
// larger ones only.
type SiteChange struct {
	Site              highwater.Site
	Before, After     int64
	InBefore, InAfter bool // listed
	AllocatedBetween  int64
}

// GroupChange is the number of goroutines of a group.
type GroupChange struct {
	Group             highwater.GoroutineGroup
	Before, After     int
	InBefore, InAfter bool
}

// Compare says what changed from a to b.
func Compare(a, b highwater.Snapshot) Comparison {
	c := Comparison{From: a.At, To: b.At, Elapsed: b.At.Sub(a.At), Cautions: cautions(&a, &b)}
	// Where one of the two does not tell what is live, that is no part of its own in both.
	live := tellsLive(&a) && tellsLive(&b)
	first := partsOf(a.Memory, live)
	before := map[string]int64{}
	for _, p := range first {
		before[p.Name] = p.Bytes
	}
	if after := partsOf(b.Memory, live); after != nil && len(before) > 0 {
		for _, p := range after {
			c.Parts = append(c.Parts, Change{p.Name, before[p.Name], p.Bytes})
			delete(before, p.Name)
		}
		// The last part is off-heap in one and never touched in the other.
		for _, p := range first {
			if v, left := before[p.Name]; left {
				c.Parts = append(c.Parts, Change{p.Name, v, 0})
			}
		}
	}
	known := func(changes *[]Change, name string, before, after int64) {
		if before != 0 || after != 0 {
			*changes = append(*changes, Change{name, before, after})
		}
	}
	m, n := a.Memory, b.Memory
	known(&c.Bytes, "RSS", m.RSS, n.RSS)
	known(&c.Bytes, "high-water mark", m.HighWater, n.HighWater)
	if live {
		known(&c.Bytes, "live heap", m.Live, n.Live)
	}
	known(&c.Bytes, heapFigure, m.Heap, n.Heap)
	known(&c.Bytes, "heap goal", m.Goal, n.Goal)
	known(&c.Bytes, "stacks", m.Stacks, n.Stacks)
	known(&c.Bytes, "allocated", a.Allocated.Bytes, b.Allocated.Bytes)
	known(&c.Counts, "objects allocated", a.Allocated.Objects, b.Allocated.Objects)
	known(&c.Counts, "goroutines", int64(a.Goroutines), int64(b.Goroutines))
	known(&c.Counts, "threads", int64(a.Threads), int64(b.Threads))
	known(&c.Counts, "descriptors", sum(a.FDs), sum(b.FDs))
	known(&c.Counts, "processes", int64(len(a.Processes)), int64(len(b.Processes)))
	known(&c.Counts, "collections", a.GC.Cycles, b.GC.Cycles)
	known(&c.Counts, "operations", a.Ops, b.Ops)
	c.Sites, c.Groups = siteChanges(a.Sites, b.Sites), groupChanges(a.Groups, b.Groups)
	if why := unpublished(&a, &b); why != "" && len(c.Sites) == 0 {
		c.Cautions = append(c.Cautions, why)
	}
	return c
}
