package live

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
)

// SiteRow is an allocation site as it stands.
type SiteRow struct {
	highwater.SiteUse
	Change int64 // of the live bytes, since the first profile after the reset
	// Rate is the bytes that it allocated a second, in [Window] or between the two newest
	// profiles where that is longer: a profile is a sample, of which seconds say little.
	// NaN without a profile before that counted allocations until another time.
	Rate float64
}

// siteKey tells sites apart: a fingerprint is the same for all lines of a function.
type siteKey struct {
	fingerprint string
	where       highwater.Frame
}

type sites struct {
	at    time.Time
	until time.Time // when now's allocations end
	now   map[siteKey]highwater.SiteUse
	past  []counted // the first one is what rates are since
	base  map[siteKey]int64
	rows  []SiteRow
}

// counted is what sites had allocated until a time.
type counted struct {
	until time.Time
	bytes map[siteKey]int64
}

// pastApart is the least time between two that are kept.
const pastApart = Window / 4

// add takes the sites of a look when their profile is a new one.
func (t *sites) add(s *highwater.Snapshot) {
	at := s.SitesAt
	if at.IsZero() && len(s.Sites) > 0 {
		at = s.At
	}
	if at.IsZero() || at.Equal(t.at) {
		return
	}
	until := cmp.Or(s.AllocatedUntil(), at)
	// Where no collection has published what was allocated since, that is not 0: what it was
	// before stands.
	if !until.Equal(t.until) {
		t.keep()
		t.until = until
		for len(t.past) > 1 && !t.past[1].until.After(until.Add(-Window)) {
			t.past = t.past[1:]
		}
	}
	t.at, t.now = at, bySite(s.Sites)
	if t.base == nil {
		t.base = liveBytes(t.now)
	}
	elapsed := t.until.Sub(t.before()).Seconds()
	t.rows = make([]SiteRow, 0, len(t.now))
	for k, u := range t.now {
		row := SiteRow{SiteUse: u, Change: u.Bytes - t.base[k], Rate: math.NaN()}
		if len(t.past) > 0 && elapsed > 0 {
			// A site that was not there has allocated nothing before.
			row.Rate = float64(max(u.Allocated.Bytes-t.past[0].bytes[k], 0)) / elapsed
		}
		t.rows = append(t.rows, row)
	}
	slices.SortFunc(t.rows, func(a, b SiteRow) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Allocated.Bytes, a.Allocated.Bytes), compareSites(a.Site, b.Site))
	})
}

// keep notes what the newest profile has, unless it is too near to the one noted last.
func (t *sites) keep() {
	n := len(t.past)
	if t.now == nil || n > 0 && t.until.Sub(t.past[n-1].until) < pastApart {
		return
	}
	bytes := make(map[siteKey]int64, len(t.now))
	for k, u := range t.now {
		bytes[k] = u.Allocated.Bytes
	}
	t.past = append(t.past, counted{t.until, bytes})
}

// before is since when rates are; zero where there are none.
func (t *sites) before() time.Time {
	if len(t.past) == 0 {
		return time.Time{}
	}
	return t.past[0].until
}

// reset counts changes from the newest profile. The rows are made anew, since Views hold
// the old ones.
func (t *sites) reset() {
	if t.now == nil {
		return
	}
	t.base = liveBytes(t.now)
	t.rows = slices.Clone(t.rows)
	for i := range t.rows {
		t.rows[i].Change = 0
	}
}

func liveBytes(all map[siteKey]highwater.SiteUse) map[siteKey]int64 {
	m := make(map[siteKey]int64, len(all))
	for k, u := range all {
		m[k] = u.Bytes
	}
	return m
}

// bySite adds up what cannot be told apart. Its stack is the one that holds most.
func bySite(all []highwater.SiteUse) map[siteKey]highwater.SiteUse {
	m := make(map[siteKey]highwater.SiteUse, len(all))
	for _, u := range all {
		k := siteKey{u.Fingerprint, u.Where}
		if old, ok := m[k]; ok {
			if old.Bytes > u.Bytes || old.Bytes == u.Bytes && old.Allocated.Bytes > u.Allocated.Bytes {
				u.Stack = old.Stack
			}
			u.Bytes += old.Bytes
			u.Objects += old.Objects
			u.Share += old.Share
			u.Allocated.Bytes += old.Allocated.Bytes
			u.Allocated.Objects += old.Allocated.Objects
		}
		m[k] = u
	}
	return m
}

// compareSites is an order that does not depend on figures, for ties.
func compareSites(a, b highwater.Site) int {
	return cmp.Or(cmp.Compare(a.Where.Func, b.Where.Func), cmp.Compare(a.Where.File, b.Where.File),
		cmp.Compare(a.Where.Line, b.Where.Line), cmp.Compare(a.Fingerprint, b.Fingerprint))
}
