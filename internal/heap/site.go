package heap

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Record is what is live of one call stack.
type Record struct {
	Stack   []highwater.Frame // innermost first
	Objects int64             // scaled from the samples, as pprof does
	Bytes   int64             // likewise
	Size    int64             // of one of the objects, in bytes, where all are alike; 0 otherwise
}

// Sites groups records by identical full stack and returns the top largest
// groups, largest first, with Share, Where and Fingerprint filled in; all of
// them where top is not positive. Records may be negative, as they are in the
// difference of two profiles. Share is a ratio of the net total of all records,
// also of those beyond top, and 0 where that total is not positive.
func Sites(records []Record, top int) []highwater.Site {
	groups := map[string]*highwater.Site{}
	var total int64
	for _, r := range records {
		total += r.Bytes
		k := stackKey(r.Stack)
		g := groups[k]
		if g == nil {
			g = &highwater.Site{Stack: slices.Clone(r.Stack)}
			groups[k] = g
		}
		g.Bytes += r.Bytes
		g.Objects += r.Objects
	}
	sites := make([]highwater.Site, 0, len(groups))
	for _, g := range groups {
		if g.Bytes != 0 || g.Objects != 0 {
			sites = append(sites, *g)
		}
	}
	slices.SortFunc(sites, func(a, b highwater.Site) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Objects, a.Objects),
			cmp.Compare(stackKey(a.Stack), stackKey(b.Stack)))
	})
	if top > 0 && len(sites) > top {
		sites = sites[:top]
	}
	for i := range sites {
		s := &sites[i]
		s.Where, s.Fingerprint = Where(s.Stack), Fingerprint(s.Stack)
		if total > 0 {
			s.Share = float64(s.Bytes) / float64(total)
		}
	}
	return sites
}

// stackKey is equal for identical stacks only: the line feed occurs in none of
// its parts as the linker writes them, and the line number separates the two.
func stackKey(stack []highwater.Frame) string {
	var b strings.Builder
	for _, f := range stack {
		b.WriteString(f.Func)
		b.WriteByte('\n')
		b.WriteString(strconv.Itoa(f.Line))
		b.WriteByte('\n')
		b.WriteString(f.File)
		b.WriteByte('\n')
	}
	return b.String()
}
