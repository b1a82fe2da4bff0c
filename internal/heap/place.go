package heap

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
)

// Places takes sites of one place in the source together, whichever way the
// program came there, largest first: what a reader can act on is the place. Sites
// come largest first; the stack and the fingerprint are those of the first.
func Places(sites []highwater.Site) []highwater.Site {
	var out []highwater.Site
	index := map[highwater.Frame]int{}
	for _, s := range sites {
		i, ok := index[s.Where]
		if !ok {
			index[s.Where] = len(out)
			out = append(out, s)
			continue
		}
		o := &out[i]
		o.Bytes += s.Bytes
		o.Objects += s.Objects
		o.Share += s.Share
	}
	slices.SortStableFunc(out, func(a, b highwater.Site) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return out
}

// ChangedPlaces is Places for changes: those of one place are taken together,
// the largest change first. A place is new when all of its sites are.
func ChangedPlaces(changes []highwater.SiteChange) []highwater.SiteChange {
	var out []highwater.SiteChange
	index := map[highwater.Frame]int{}
	for _, c := range changes {
		i, ok := index[c.Site.Where]
		if !ok {
			index[c.Site.Where] = len(out)
			out = append(out, c)
			continue
		}
		o := &out[i]
		o.Before += c.Before
		o.After += c.After
		o.BeforeObjects += c.BeforeObjects
		o.AfterObjects += c.AfterObjects
		o.Share += c.Share
		o.New = o.New && c.New
		if c.Was == nil {
			o.Was = nil
		}
		o.Site.Bytes += c.Site.Bytes
		o.Site.Objects += c.Site.Objects
		o.Site.Share += c.Site.Share
	}
	slices.SortStableFunc(out, func(a, b highwater.SiteChange) int {
		return cmp.Compare(abs(b.After-b.Before), abs(a.After-a.Before))
	})
	return out
}

func abs(n int64) int64 { return max(n, -n) }
