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

// Diff returns what changed between two sets of sites, largest change first.
// Sites are matched by fingerprint, so that a moved line is the same site, and
// those of one fingerprint are taken together. Share is a ratio of the net
// change of all sites: growth that something else gave back in part has shares
// above 1, and all shares are 0 where the net change is 0. Sites that did not
// change are left out. The Site of a change is the one after, where there is
// one.
func Diff(before, after []highwater.Site) []highwater.SiteChange {
	was, is := byFingerprint(before), byFingerprint(after)
	var list []highwater.SiteChange
	var total int64
	add := func(c highwater.SiteChange) {
		if c.After != c.Before {
			total += c.After - c.Before
			list = append(list, c)
		}
	}
	for id, s := range is {
		old, known := was[id]
		add(highwater.SiteChange{Site: s, Before: old.Bytes, After: s.Bytes, New: !known})
	}
	for id, s := range was {
		if _, still := is[id]; !still {
			add(highwater.SiteChange{Site: s, Before: s.Bytes})
		}
	}
	for i := range list {
		if total != 0 {
			list[i].Share = float64(list[i].After-list[i].Before) / float64(total)
		}
	}
	slices.SortFunc(list, func(a, b highwater.SiteChange) int {
		return cmp.Or(cmp.Compare(magnitude(b), magnitude(a)), cmp.Compare(a.Site.Fingerprint, b.Site.Fingerprint))
	})
	return list
}

// byFingerprint takes together the sites of one fingerprint: its bytes are the
// sum, and the place to show is that of the largest.
func byFingerprint(sites []highwater.Site) map[string]highwater.Site {
	merged, largest := map[string]highwater.Site{}, map[string]int64{}
	for _, s := range sites {
		id := s.Fingerprint
		if id == "" {
			id = Fingerprint(s.Stack)
			s.Fingerprint = id
		}
		m, ok := merged[id]
		if !ok {
			merged[id], largest[id] = s, s.Bytes
			continue
		}
		bytes, objects, share := m.Bytes+s.Bytes, m.Objects+s.Objects, m.Share+s.Share
		if s.Bytes > largest[id] {
			m, largest[id] = s, s.Bytes
		}
		m.Bytes, m.Objects, m.Share = bytes, objects, share
		merged[id] = m
	}
	return merged
}

func magnitude(c highwater.SiteChange) int64 {
	d := c.After - c.Before
	return max(d, -d)
}
