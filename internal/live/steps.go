package live

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
)

// LeastSteps is how many snapshots it takes to say that something grew at every step: of
// fewer, chance alone would make too many grow.
const LeastSteps = 4

// SiteSteps is an allocation site whose live bytes rose from each snapshot to the next.
type SiteSteps struct {
	Site    highwater.Site // as of the last one
	Bytes   []int64        // in each snapshot
	PerHour float64        // bytes
}

// GroupSteps is a group of goroutines that grew from each snapshot to the next.
type GroupSteps struct {
	Group   highwater.GoroutineGroup // as of the last one
	Counts  []int
	PerHour float64
}

// newer reports whether b has another profile than a: a later one, with a collection
// between the two, which is what publishes what was allocated.
func newer(a, b *highwater.Snapshot) bool {
	return b.SitesAt.After(a.SitesAt) && (b.GC.Cycles != a.GC.Cycles || b.GC.Cycles == 0)
}

// Steps are the sites and groups that grew at every step of the snapshots, the fastest
// first. Snapshots of which the sites, or the groups, are those of the one before say
// nothing, and are left out. Nil for fewer than [LeastSteps] that do.
func Steps(all []highwater.Snapshot) (sites []SiteSteps, groups []GroupSteps) {
	fresh := all[:0:0]
	for _, s := range all {
		if !s.SitesAt.IsZero() && (len(fresh) == 0 || newer(&fresh[len(fresh)-1], &s)) {
			fresh = append(fresh, s)
		}
	}
	if n := len(fresh); n >= LeastSteps {
		hours := fresh[n-1].SitesAt.Sub(fresh[0].SitesAt).Hours()
		series := map[siteKey][]int64{}
		for i, s := range fresh {
			for k, u := range bySite(s.Sites) {
				if b := series[k]; len(b) == i && (i == 0 || u.Bytes > b[i-1]) {
					series[k] = append(b, u.Bytes)
				}
			}
		}
		last := bySite(fresh[n-1].Sites)
		for k, b := range series {
			if len(b) == n && hours > 0 {
				sites = append(sites, SiteSteps{last[k].Site, b, float64(b[n-1]-b[0]) / hours})
			}
		}
	}
	fresh = fresh[:0]
	for _, s := range all {
		if !s.GroupsAt.IsZero() && (len(fresh) == 0 || s.GroupsAt.After(fresh[len(fresh)-1].GroupsAt)) {
			fresh = append(fresh, s)
		}
	}
	if n := len(fresh); n >= LeastSteps {
		hours := fresh[n-1].GroupsAt.Sub(fresh[0].GroupsAt).Hours()
		series := map[groupKey][]int{}
		for i, s := range fresh {
			for k, g := range byGroup(s.Groups) {
				if c := series[k]; len(c) == i && (i == 0 || g.Count > c[i-1]) {
					series[k] = append(c, g.Count)
				}
			}
		}
		last := byGroup(fresh[n-1].Groups)
		for k, c := range series {
			if len(c) == n && hours > 0 {
				groups = append(groups, GroupSteps{last[k], c, float64(c[n-1]-c[0]) / hours})
			}
		}
	}
	slices.SortFunc(sites, func(a, b SiteSteps) int {
		return cmp.Or(cmp.Compare(b.PerHour, a.PerHour), compareSites(a.Site, b.Site))
	})
	slices.SortFunc(groups, func(a, b GroupSteps) int {
		return cmp.Or(cmp.Compare(b.PerHour, a.PerHour), compareGroups(a.Group, b.Group))
	})
	return sites, groups
}
