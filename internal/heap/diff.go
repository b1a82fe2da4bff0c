package heap

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
)

// Diff returns what changed between two sets of sites, largest change first.
//
// Sites are matched by fingerprint, so that a moved line is the same site; those
// of one fingerprint are lines of one function, and are matched in their order.
// What is then left on both sides is matched where it is likely to be the same
// allocation under another name: see pairs. Was is where that was.
//
// Share is a ratio of the net change of all sites: growth that something else
// gave back in part has shares above 1, and all shares are 0 where the net change
// is 0. Sites that did not change are left out. The Site of a change is the one
// after, where there is one.
func Diff(before, after []highwater.Site) []highwater.SiteChange {
	var p pairs
	was, is := byFingerprint(before), byFingerprint(after)
	for id, sites := range is {
		p.lines(was[id], sites)
	}
	for id, sites := range was {
		if _, still := is[id]; !still {
			p.gone = append(p.gone, sites...)
		}
	}
	p.sort()
	p.renamed()

	var list []highwater.SiteChange
	var total int64
	add := func(c highwater.SiteChange) {
		if c.After != c.Before || c.AfterObjects != c.BeforeObjects {
			total += c.After - c.Before
			list = append(list, c)
		}
	}
	for _, m := range p.matched {
		add(m)
	}
	for _, s := range p.fresh {
		add(highwater.SiteChange{Site: s, After: s.Bytes, AfterObjects: float64(s.Objects), New: true})
	}
	for _, s := range p.gone {
		add(highwater.SiteChange{Site: s, Before: s.Bytes, BeforeObjects: float64(s.Objects)})
	}
	for i := range list {
		if total != 0 {
			list[i].Share = float64(list[i].After-list[i].Before) / float64(total)
		}
	}
	slices.SortFunc(list, func(a, b highwater.SiteChange) int {
		return cmp.Or(cmp.Compare(abs(b.After-b.Before), abs(a.After-a.Before)), compareSites(a.Site, b.Site))
	})
	return list
}

// byFingerprint groups sites, and takes together those of one place.
func byFingerprint(sites []highwater.Site) map[string][]highwater.Site {
	groups := map[string][]highwater.Site{}
	for _, s := range sites {
		if s.Fingerprint == "" {
			s.Fingerprint = Fingerprint(s.Stack)
		}
		g := groups[s.Fingerprint]
		i := slices.IndexFunc(g, func(o highwater.Site) bool { return o.Where == s.Where })
		if i < 0 {
			groups[s.Fingerprint] = append(g, s)
			continue
		}
		g[i].Bytes += s.Bytes
		g[i].Objects += s.Objects
		g[i].Share += s.Share
	}
	for _, g := range groups {
		slices.SortFunc(g, compareSites)
	}
	return groups
}

// compareSites orders by place.
func compareSites(a, b highwater.Site) int {
	return cmp.Or(cmp.Compare(a.Fingerprint, b.Fingerprint), cmp.Compare(a.Where.File, b.Where.File), cmp.Compare(a.Where.Line, b.Where.Line))
}
