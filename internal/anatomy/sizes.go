package anatomy

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// Sizes are the objects of the heap by size. They are the runtime's own size classes where
// the heap was read, and then they say what is unused; otherwise what the samples of the
// heap profile stand for, by powers of two: Sampled says so.
type Sizes struct {
	Classes []SizeRow `json:"classes"` // the smallest first, large objects last
	Sampled bool      `json:"sampled,omitempty"`

	Objects int64 `json:"objects"`
	Used    int64 `json:"used_bytes"`
	Bytes   int64 `json:"bytes,omitempty"` // of the spans that they lie in
	// Fragmentation is what of the spans no object takes, a ratio.
	Fragmentation float64 `json:"fragmentation,omitempty"`
}

// SizeRow is objects of a size, with pointers or without.
type SizeRow struct {
	Size    int64 `json:"size_bytes"` // the largest that belong to it; 0 for those above 32 KiB
	Objects int64 `json:"objects"`
	Used    int64 `json:"used_bytes"`
	Bytes   int64 `json:"bytes,omitempty"`
	Unused  int64 `json:"unused_bytes,omitempty"`
}

// sizesOf are those of the heap, nil where nothing tells of them.
func sizesOf(v live.View, o Options) *Sizes {
	if len(v.Snapshot.SizeClasses) > 0 {
		return classes(v.Snapshot.SizeClasses)
	}
	s := &Sizes{Sampled: true}
	by := map[int64]*SizeRow{}
	add := func(size, objects, bytes int64) {
		if size <= 0 || objects <= 0 {
			return
		}
		upTo := largest(size)
		if by[upTo] == nil {
			by[upTo] = &SizeRow{Size: upTo}
		}
		by[upTo].Objects += objects
		by[upTo].Used += bytes
	}
	for _, site := range v.Sites {
		if !o.keeps(site.Where, site.Stack) || site.Objects <= 0 {
			continue
		}
		if len(site.Sizes) == 0 { // of one size, or known on average alone
			add(site.Bytes/site.Objects, site.Objects, site.Bytes)
		}
		for _, u := range site.Sizes {
			add(u.Size, u.Objects, u.Size*u.Objects)
		}
	}
	for _, r := range by {
		s.add(*r)
	}
	return s.sorted()
}

// largest is the power of two that a size is rounded up to; 0 above 32 KiB.
func largest(size int64) int64 {
	if size > 32<<10 {
		return 0
	}
	return max(8, int64(1)<<bits.Len64(uint64(size-1)))
}

func classes(all []highwater.SizeClass) *Sizes {
	s := &Sizes{}
	by := map[int64]*SizeRow{}
	for _, c := range all {
		if by[c.Size] == nil {
			by[c.Size] = &SizeRow{Size: c.Size}
		}
		r := by[c.Size]
		r.Objects += c.Objects
		r.Used += c.Used
		r.Bytes += c.Bytes
		r.Unused += c.Unused()
	}
	for _, r := range by {
		s.add(*r)
	}
	s.Fragmentation = ratio(s.Bytes-s.Used, s.Bytes)
	return s.sorted()
}

func (s *Sizes) add(r SizeRow) {
	s.Classes = append(s.Classes, r)
	s.Objects += r.Objects
	s.Used += r.Used
	s.Bytes += r.Bytes
}

func (s *Sizes) sorted() *Sizes {
	if len(s.Classes) == 0 {
		return nil
	}
	slices.SortFunc(s.Classes, func(a, b SizeRow) int { return cmp.Compare(uint64(a.Size-1), uint64(b.Size-1)) })
	return s
}
