package advise

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

const (
	// smallestReuse is the size from which keeping an object costs less than allocating
	// it: sync.Pool and the code around it take some tens of nanoseconds, which is what
	// an object of a few hundred bytes takes (zeroing and the collector's work included).
	smallestReuse = 1 << 10
	// oneSize is the part of a place's bytes that has to be of one size.
	oneSize = 0.90
)

// reuse finds lines that allocate objects of one size again and again, of which next to
// none is live: one of them would do. All of it is saved but the one. Whether the objects
// really are free again when the next is needed only the program knows; the profile shows
// that they die soon.
func reuse(f *facts) []Advice {
	var all []Advice
	for _, p := range f.places {
		if p.claimed || !f.shortLived(p) {
			continue
		}
		size, of := dominant(p)
		if size < smallestReuse || float64(of.Bytes) < oneSize*float64(p.alloc.Bytes) || of.Objects < fewest || f.per(of.Objects) < 0.5 && f.unit == PerOp {
			continue
		}
		p.claimed = true
		saved := highwater.Allocated{Bytes: of.Bytes - size, Objects: of.Objects - 1}
		all = append(all, f.garbage(p, of, saved, Advice{
			Title:    fmt.Sprintf("objects of %s at %s are allocated anew and die at once", f.size(float64(size)), p.where.Place()),
			How:      "keep one and use it again: a field of the object that does the work, a parameter that the caller brings, or a sync.Pool where several goroutines come here",
			Evidence: []string{fmt.Sprintf("%s of the bytes there are in objects of %s", percent(float64(of.Bytes), float64(p.alloc.Bytes)), f.size(float64(size)))},
			Found:    "reuse: a line whose garbage is of one size, of at least 1 KiB, in the allocation profile",
		}))
	}
	return all
}

// nearly reports a mean that a few other objects beside those of one size may have moved:
// it is within half a percent of a size class, of which neighbours are 6 % apart and more.
func nearly(a highwater.Allocated) bool {
	const parts = 200
	mean := a.Bytes / a.Objects
	off := class(mean) - mean
	return off <= mean/parts
}

// dominant is the size of objects of which the place allocates most bytes. Where a source
// tells no sizes, the mean is none: such parts count for nothing.
func dominant(p *place) (size int64, of highwater.Allocated) {
	bySize := map[int64]int64{}
	for _, part := range p.parts {
		if len(part.sizes) == 1 && !uniform(part.Allocated) && !nearly(part.Allocated) {
			continue
		}
		for _, s := range part.sizes {
			bySize[s.Size] += s.Objects
		}
	}
	for s, n := range bySize {
		if b := s * n; b > of.Bytes || b == of.Bytes && s > size {
			size, of = s, highwater.Allocated{Bytes: b, Objects: n}
		}
	}
	return size, of
}
