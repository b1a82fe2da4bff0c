package live_test

import (
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// Three sites of known lifetimes: one whose objects are garbage at once, one that keeps
// all, and a ring whose objects each live for many collections. The last allocates and
// frees as much as the first: only what it holds tells them apart, and not surely.
func TestTrace(t *testing.T) {
	use := func(name string, made, held int64) highwater.SiteUse {
		return highwater.SiteUse{
			Site:      highwater.Site{Where: highwater.Frame{Func: name}, Fingerprint: name, Bytes: held, Objects: held},
			Allocated: highwater.Allocated{Bytes: made, Objects: made},
		}
	}
	var tr live.Trace
	at := time.Unix(0, 0)
	var seen []live.Allocation
	for i := range int64(6) {
		at = at.Add(time.Second)
		all := []highwater.SiteUse{use("churn", 1000*i, 0), use("stays", 100*i, 100*i), use("ring", 10*i+5000, 5000), use("still", 7, 7)}
		seen = append(seen, tr.Look(at, all)...)
		tr.Collected(all)
	}
	if len(seen) != 3*5 {
		t.Errorf("%d allocations, want 15: %+v", len(seen), seen)
	}
	want := map[string]string{"churn": highwater.LifetimeChurn, "stays": highwater.LifetimeStays, "ring": highwater.LifetimeUnknown}
	all := tr.Lifetimes()
	if len(all) != len(want) {
		t.Fatalf("lifetimes: %+v", all)
	}
	for _, l := range all {
		if got := l.Verdict(); got != want[l.Site.Where.Func] {
			t.Errorf("%s: %s, want %s (%+v)", l.Site.Where.Func, got, want[l.Site.Where.Func], l)
		}
	}
	if c := all[0]; c.Bytes != 5000 || c.Judged != 5000 || c.Least != 5000 || c.Most != 5000 {
		t.Errorf("churn: %+v", c)
	}
	if s := all[1]; s.Bytes != 500 || s.Least != 0 || s.Most != 0 || s.Held != 500 {
		t.Errorf("stays: %+v", s)
	}
	if r := all[2]; r.Least != 0 || r.Most != 50 {
		t.Errorf("ring: between %d and %d gone, want 0 and 50", r.Least, r.Most)
	}
}
