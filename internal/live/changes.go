package live

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
)

func sum(kinds map[string]int) int64 {
	n := 0
	for _, k := range kinds {
		n += k
	}
	return int64(n)
}

func siteChanges(a, b []highwater.SiteUse) []SiteChange {
	before, after := bySite(a), bySite(b)
	var all []SiteChange
	for k, u := range after {
		old, was := before[k]
		all = append(all, SiteChange{
			Site: u.Site, Before: old.Bytes, After: u.Bytes, InBefore: was, InAfter: true,
			AllocatedBetween: max(u.Allocated.Bytes-old.Allocated.Bytes, 0),
		})
	}
	for k, u := range before {
		if _, is := after[k]; !is {
			all = append(all, SiteChange{Site: u.Site, Before: u.Bytes, InBefore: true})
		}
	}
	all = slices.DeleteFunc(all, func(c SiteChange) bool { return c.Before == c.After })
	slices.SortFunc(all, func(x, y SiteChange) int {
		return cmp.Or(cmp.Compare(abs(y.After-y.Before), abs(x.After-x.Before)), compareSites(x.Site, y.Site))
	})
	return all
}

func groupChanges(a, b []highwater.GoroutineGroup) []GroupChange {
	before, after := byGroup(a), byGroup(b)
	var all []GroupChange
	for k, g := range after {
		old, was := before[k]
		all = append(all, GroupChange{g, old.Count, g.Count, was, true})
	}
	for k, g := range before {
		if _, is := after[k]; !is {
			all = append(all, GroupChange{g, g.Count, 0, true, false})
		}
	}
	all = slices.DeleteFunc(all, func(c GroupChange) bool { return c.Before == c.After })
	slices.SortFunc(all, func(x, y GroupChange) int {
		return cmp.Or(cmp.Compare(abs(int64(y.After-y.Before)), abs(int64(x.After-x.Before))), compareGroups(x.Group, y.Group))
	})
	return all
}

func abs(n int64) int64 { return max(n, -n) }
