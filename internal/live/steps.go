package live

import (
	"cmp"
	"maps"
	"slices"
	"time"

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

// later reports whether b has another list of goroutines than a.
func later(a, b *highwater.Snapshot) bool { return b.GroupsAt.After(a.GroupsAt) }

// stepped are snapshots of which each says something new.
type stepped struct {
	fresh []highwater.Snapshot
	at    func(*highwater.Snapshot) time.Time // when what they say was seen
}

func (s stepped) last() *highwater.Snapshot { return &s.fresh[len(s.fresh)-1] }

func (s stepped) perHour(growth float64) float64 {
	return growth / s.at(s.last()).Sub(s.at(&s.fresh[0])).Hours()
}

// steps leaves out snapshots that say what the one before has said.
func steps(all []highwater.Snapshot, new func(a, b *highwater.Snapshot) bool, at func(*highwater.Snapshot) time.Time) stepped {
	k := stepped{at: at}
	for _, s := range all {
		if !at(&s).IsZero() && (len(k.fresh) == 0 || new(k.last(), &s)) {
			k.fresh = append(k.fresh, s)
		}
	}
	return k
}

// grown are the series of what rose at each of the steps; none of too few. What was not
// there yet at the first rose from nothing.
func grown[K comparable, V int | int64](k stepped, values func(*highwater.Snapshot) map[K]V) map[K][]V {
	n := len(k.fresh)
	if n < LeastSteps {
		return nil
	}
	series := map[K][]V{}
	for i := range k.fresh {
		for key, v := range values(&k.fresh[i]) {
			b := series[key]
			if i == 1 && len(b) == 0 {
				b = append(b, 0)
			}
			if len(b) == i && (i == 0 || v > b[i-1]) {
				series[key] = append(b, v)
			}
		}
	}
	maps.DeleteFunc(series, func(_ K, b []V) bool { return len(b) < n })
	return series
}

// Growth is what grew at every step of some snapshots, the fastest first.
type Growth struct {
	Sites  []SiteSteps
	Groups []GroupSteps
	// Profiles and Lists are of how many snapshots the sites, and the goroutines, say
	// something new. Of fewer than [LeastSteps] it is not known what grew.
	Profiles, Lists int
}

// Steps are the sites and groups that grew at every step. Snapshots of which the sites, or
// the groups, are those of the one before say nothing, and are left out.
func Steps(all []highwater.Snapshot) Growth {
	profiled := steps(all, newer, func(s *highwater.Snapshot) time.Time { return s.SitesAt })
	listed := steps(all, later, func(s *highwater.Snapshot) time.Time { return s.GroupsAt })
	g := Growth{Profiles: len(profiled.fresh), Lists: len(listed.fresh)}
	for k, values := range grown(profiled, func(s *highwater.Snapshot) map[siteKey]int64 { return liveBytes(bySite(s.Sites)) }) {
		last := bySite(profiled.last().Sites)
		g.Sites = append(g.Sites, SiteSteps{last[k].Site, values, profiled.perHour(float64(values[len(values)-1] - values[0]))})
	}
	for k, values := range grown(listed, func(s *highwater.Snapshot) map[groupKey]int { return counts(byGroup(s.Groups)) }) {
		last := byGroup(listed.last().Groups)
		g.Groups = append(g.Groups, GroupSteps{last[k], values, listed.perHour(float64(values[len(values)-1] - values[0]))})
	}
	slices.SortFunc(g.Sites, func(a, b SiteSteps) int {
		return cmp.Or(cmp.Compare(b.PerHour, a.PerHour), compareSites(a.Site, b.Site))
	})
	slices.SortFunc(g.Groups, func(a, b GroupSteps) int {
		return cmp.Or(cmp.Compare(b.PerHour, a.PerHour), compareGroups(a.Group, b.Group))
	})
	return g
}
