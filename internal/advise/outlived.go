package advise

import (
	"fmt"

	"github.com/highwater-dev/highwater"
)

// outlived finds maps whose tables stay as large as they were at the map's peak. A map of
// Go does not shrink: deleting entries leaves the slots (go.dev/issue/20135, and
// internal/runtime/maps, whose tables only grow). At two looks the profile shows the bytes
// of the tables, which stayed, and of what the same function put into them, which went.
// With n objects of that function at the earlier look and m at the later one, what is
// saved is
//
//	bytes of the tables × (1 − m/n).
//
// Maps whose entries are no objects of their own cannot be seen into, and get no advice.
func outlived(f *facts) []Advice {
	if len(f.looks) < 2 {
		return nil
	}
	var all []Advice
	last := f.looks[len(f.looks)-1]
	for where, p := range last.live {
		tables := p.tables()
		if tables.Bytes < 4*highwater.KiB {
			continue
		}
		best := Advice{}
		for _, earlier := range f.looks[:len(f.looks)-1] {
			q := earlier.live[where]
			if q == nil || q.tables().Bytes > tables.Bytes*11/10 {
				continue // the tables have gone as well, or most of them
			}
			before, after := earlier.entries(where.Func), last.entries(where.Func)
			if before < 64 || after*2 > before {
				continue
			}
			saved := int64(float64(tables.Bytes) * (1 - float64(after)/float64(before)))
			if saved <= best.SavedBytes {
				continue
			}
			best = Advice{
				Title: fmt.Sprintf("the map filled at %s is as large as at its peak, and nearly empty", where.Place()),
				Lines: []highwater.Frame{where}, Known: true, SavedBytes: saved,
				How: "make a new map once most entries are gone, and move the rest: a map keeps its tables whatever is deleted",
				Evidence: []string{
					fmt.Sprintf("the map's tables hold %s %s", f.size(float64(tables.Bytes)), last.name),
					fmt.Sprintf("of what the function put into it %d objects were live %s, and %d %s", before, earlier.name, after, last.name),
				},
				Found: "maps that outlived their peak: tables and entries in heap profiles of two moments",
			}
		}
		if best.Known {
			all = append(all, best)
		}
	}
	return all
}

// tables are what of the place is memory of maps.
func (p *place) tables() highwater.Allocated {
	var sum highwater.Allocated
	for _, part := range p.held {
		if part.through("internal/runtime/maps.", "runtime.mapassign", "runtime.makemap") {
			sum.Bytes += part.Bytes
			sum.Objects += part.Objects
		}
	}
	return sum
}

// entries counts the live objects of a function that are no tables.
func (l look) entries(function string) (n int64) {
	for where, p := range l.live {
		if where.Func == function {
			n += p.live.Objects - p.tables().Objects
		}
	}
	return n
}
