package heap

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
)

// Use is what one call stack holds and has allocated, scaled.
type Use struct {
	Record    // what is live
	Allocated highwater.Allocated
}

// Uses groups by identical full stack, as [Sites] does: those with most live bytes
// first, and of equals those that have allocated most. Share is of the live bytes.
func Uses(all []Use) []highwater.SiteUse {
	groups := map[string]*highwater.SiteUse{}
	bySize := sizes{}
	var total int64
	for _, u := range all {
		total += u.Bytes
		k := stackKey(u.Stack)
		g := groups[k]
		if g == nil {
			g = &highwater.SiteUse{Site: highwater.Site{Stack: slices.Clone(u.Stack), Where: Where(u.Stack), Fingerprint: Fingerprint(u.Stack)}}
			groups[k] = g
		}
		g.Bytes += u.Bytes
		g.Objects += u.Objects
		g.Allocated.Bytes += u.Allocated.Bytes
		g.Allocated.Objects += u.Allocated.Objects
		bySize.add(k, u.Size, u.Allocated.Objects)
	}
	sites := make([]highwater.SiteUse, 0, len(groups))
	for k, g := range groups {
		g.AllocatedSizes = bySize.of(k)
		if total > 0 {
			g.Share = float64(g.Bytes) / float64(total)
		}
		sites = append(sites, *g)
	}
	slices.SortFunc(sites, func(a, b highwater.SiteUse) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Allocated.Bytes, a.Allocated.Bytes),
			cmp.Compare(stackKey(a.Stack), stackKey(b.Stack)))
	})
	return sites
}
