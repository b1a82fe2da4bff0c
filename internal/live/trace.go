package live

import (
	"cmp"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
)

// Allocation is what one site allocated between two looks.
type Allocation struct {
	At      time.Time // of the second look
	Since   time.Time // of the first
	Site    highwater.Site
	Bytes   int64 // scaled from the samples
	Objects int64
}

// Trace follows what a process allocates, from look to look. It keeps sums for each site
// and nothing that grows with time.
type Trace struct {
	last   map[siteKey]highwater.SiteUse // totals at the look before
	lastAt time.Time

	published map[siteKey]highwater.SiteUse // as of the collection before
	begun     bool

	sums map[siteKey]*highwater.Lifetime
}

// Look takes the totals of all sites, and says what each has allocated since the look
// before, most bytes first. The first look says nothing.
func (t *Trace) Look(at time.Time, totals []highwater.SiteUse) []Allocation {
	now := bySite(totals)
	since := t.lastAt
	before := t.last
	t.last, t.lastAt = now, at
	if before == nil {
		return nil
	}
	if t.sums == nil {
		t.sums = map[siteKey]*highwater.Lifetime{}
	}
	var all []Allocation
	for k, u := range now {
		old := before[k].Allocated
		a := Allocation{At: at, Since: since, Site: u.Site, Bytes: u.Allocated.Bytes - old.Bytes, Objects: u.Allocated.Objects - old.Objects}
		if a.Bytes <= 0 || a.Objects <= 0 {
			continue
		}
		all = append(all, a)
		s := t.sum(k, u.Site)
		s.Bytes += a.Bytes
		s.Objects += a.Objects
	}
	slices.SortFunc(all, func(a, b Allocation) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), compareSites(a.Site, b.Site))
	})
	return all
}

func (t *Trace) sum(k siteKey, site highwater.Site) *highwater.Lifetime {
	s := t.sums[k]
	if s == nil {
		s = &highwater.Lifetime{Site: site}
		s.Bytes, s.Objects, s.Share = 0, 0, 0
		t.sums[k] = s
	}
	return s
}

// Collected takes the sites as a collection has published them: what was allocated before
// it, and what of that it found live. The first one is where judging begins.
func (t *Trace) Collected(published []highwater.SiteUse) {
	now := bySite(published)
	before := t.published
	t.published = now
	if !t.begun {
		t.begun = true
		return
	}
	if t.sums == nil {
		t.sums = map[siteKey]*highwater.Lifetime{}
	}
	for k, u := range now {
		made := u.Allocated.Bytes - before[k].Allocated.Bytes
		if made <= 0 {
			continue
		}
		freed := made - (u.Bytes - before[k].Bytes) // of all that the site held or made
		s := t.sum(k, u.Site)
		s.Judged += made
		s.Least += max(made-u.Bytes, 0)    // all that it holds is new
		s.Most += min(max(freed, 0), made) // all that was freed was new
		s.Held = u.Bytes
	}
}

// Lifetimes are the sums of all sites, most bytes first.
func (t *Trace) Lifetimes() []highwater.Lifetime {
	all := make([]highwater.Lifetime, 0, len(t.sums))
	for _, s := range t.sums {
		one := *s
		one.Least = min(one.Least, one.Most) // samples may be off
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b highwater.Lifetime) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Judged, a.Judged), compareSites(a.Site, b.Site))
	})
	return all
}

// Between are the sites of b with what they have allocated since a. What each holds is
// as b has it.
func Between(a, b []highwater.SiteUse) []highwater.SiteUse {
	before := bySite(a)
	var all []highwater.SiteUse
	for k, u := range bySite(b) {
		old := before[k].Allocated
		u.Allocated.Bytes, u.Allocated.Objects = u.Allocated.Bytes-old.Bytes, u.Allocated.Objects-old.Objects
		if u.Allocated.Bytes > 0 && u.Allocated.Objects > 0 {
			all = append(all, u)
		}
	}
	slices.SortFunc(all, func(x, y highwater.SiteUse) int {
		return cmp.Or(cmp.Compare(y.Allocated.Bytes, x.Allocated.Bytes), compareSites(x.Site, y.Site))
	})
	return all
}
