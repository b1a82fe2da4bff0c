package live

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

func site(fn string, line int, live, allocated int64) highwater.SiteUse {
	return highwater.SiteUse{
		Site:      highwater.Site{Bytes: live, Objects: live / 100, Where: highwater.Frame{Func: fn, File: "x.go", Line: line}, Fingerprint: fn},
		Allocated: highwater.Allocated{Bytes: allocated},
	}
}

func profiled(seconds float64, at float64, sites ...highwater.SiteUse) highwater.Snapshot {
	return look(seconds, func(s *highwater.Snapshot) {
		s.Sites, s.SitesAt = sites, start.Add(time.Duration(at*float64(time.Second)))
	})
}

func TestSites(t *testing.T) {
	var h History
	h.Add(profiled(0, 0, site("f", 1, 1000, 5000), site("f", 2, 500, 500)))
	if r := h.View().Sites[0]; r.Change != 0 || !math.IsNaN(r.Rate) {
		t.Errorf("the first profile: %+v", r)
	}
	h.Add(profiled(1, 0, site("f", 1, 1000, 5000))) // the same profile again
	h.Add(profiled(10, 10, site("f", 1, 1500, 25000), site("f", 2, 400, 500), site("g", 3, 7000, 8000)))
	rows := h.View().Sites
	if len(rows) != 3 || rows[0].Where.Func != "g" || rows[1].Bytes != 1500 {
		t.Fatalf("rows %+v", rows)
	}
	for i, want := range []struct {
		change int64
		rate   float64
	}{{7000, 800}, {500, 2000}, {-100, 0}} {
		if rows[i].Change != want.change {
			t.Errorf("row %d changed by %d, want %d", i, rows[i].Change, want.change)
		}
		near(t, "a rate", rows[i].Rate, want.rate)
	}
	h.Reset()
	if h.View().Sites[0].Change != 0 || rows[0].Change != 7000 {
		t.Error("the reset is not in the new View, or is in the old one")
	}
	h.Add(profiled(20, 20, site("g", 3, 7100, 8000)))
	if r := h.View().Sites[0]; r.Change != 100 {
		t.Errorf("%d since the reset, want 100", r.Change)
	}
}

// A profile has what was allocated until a collection: between two collections nothing is
// published, which is not nothing that was allocated.
func TestRatesStandBetweenCollections(t *testing.T) {
	var h History
	add := func(at, until float64, allocated int64) float64 {
		s := profiled(at, at, site("f", 1, 1000, allocated))
		s.AllocatedAt = start.Add(time.Duration(until * float64(time.Second)))
		h.Add(s)
		return h.View().Sites[0].Rate
	}
	if r := add(0, -5, 1000); !math.IsNaN(r) {
		t.Errorf("with one profile: %v", r)
	}
	if r := add(1, -5, 1000); !math.IsNaN(r) {
		t.Errorf("before any collection: %v", r)
	}
	near(t, "after one", add(2, 1.5, 7500), 1000) // 6500 bytes in 6.5 s
	near(t, "until the next", add(3, 1.5, 7500), 1000)
	near(t, "after the next", add(30, 29.5, 10300), 100)
	near(t, "of the last ten seconds", add(31, 30.5, 10350), 2850.0/29)
}

// The stack of several that are on one line is the one that holds most.
func TestStackOfASite(t *testing.T) {
	var h History
	of := func(caller string, live, allocated int64) highwater.SiteUse {
		s := site("f", 1, live, allocated)
		s.Stack = []highwater.Frame{s.Where, {Func: caller}}
		return s
	}
	h.Add(profiled(0, 0, of("a", 100, 9000), of("b", 9000, 9000), of("c", 0, 100)))
	if r := h.View().Sites[0]; r.Bytes != 9100 || r.Stack[1].Func != "b" {
		t.Errorf("%d bytes, of %s", r.Bytes, r.Stack[1].Func)
	}
}

func TestGroups(t *testing.T) {
	group := func(state string, n int, wait time.Duration) highwater.GoroutineGroup {
		return highwater.GoroutineGroup{Count: n, State: state, Fingerprint: "f", Longest: wait}
	}
	grouped := func(seconds float64, gs ...highwater.GoroutineGroup) highwater.Snapshot {
		return look(seconds, func(s *highwater.Snapshot) { s.Groups, s.GroupsAt = gs, s.At })
	}
	h := history(grouped(0, group("select", 5, 0)), grouped(1, group("select", 9, time.Minute), group("chan receive", 2, 0), group("chan receive", 3, time.Hour)))
	rows := h.View().Groups
	if len(rows) != 2 || rows[0].Change != 4 || rows[0].Longest != time.Minute {
		t.Errorf("rows %+v", rows)
	}
	if rows[1].Count != 5 || rows[1].Change != 5 || rows[1].Longest != time.Hour {
		t.Errorf("what cannot be told apart is not added up: %+v", rows[1])
	}
	h.Reset()
	if h.View().Groups[1].Change != 0 {
		t.Error("the reset changed nothing")
	}
}

func TestCycles(t *testing.T) {
	collected := func(seconds float64, total int64, numbers ...int64) highwater.Snapshot {
		return look(seconds, func(s *highwater.Snapshot) {
			s.GC.Cycles, s.GC.GCSeconds, s.GC.TotalSeconds = total, float64(total)*0.03, float64(total)*0.3
			for _, n := range numbers {
				s.Cycles = append(s.Cycles, highwater.Cycle{Number: n})
			}
		})
	}
	h := history(collected(0, 10, 9, 10), collected(1, 11, 11), collected(2, 20, 15, 20), collected(3, 20, 20))
	v := h.View()
	if len(v.Cycles) != 5 || v.Cycles[0].Number != 20 || v.Cycles[0].Gap != 4 || v.Cycles[1].Gap != 3 || v.Missed != 7 {
		t.Fatalf("%d missed, rows %+v", v.Missed, v.Cycles)
	}
	near(t, "the share of a collection", v.Cycles[2].Share, 0.1)
	if v.Cycles[2].Of != 1 || v.Cycles[0].Of != 9 {
		t.Errorf("shares are of %d and %d collections", v.Cycles[2].Of, v.Cycles[0].Of)
	}
	near(t, "the share before the first look", v.Cycles[4].Share, math.NaN())
	h.Reset()
	if h.View().Missed != 0 || v.Missed != 7 {
		t.Error("the reset does not begin to count anew")
	}
	for i := range 1000 {
		h.Add(collected(float64(4+i), int64(21+i), int64(21+i)))
	}
	if v := h.View(); len(v.Cycles) != MostCycles || v.Cycles[0].Number != 1020 {
		t.Errorf("%d rows from %d on", len(v.Cycles), v.Cycles[0].Number)
	}
}

func TestPauses(t *testing.T) {
	ms := time.Millisecond
	paused := func(seconds float64, cycles int64, latest ...time.Duration) highwater.Snapshot {
		return look(seconds, func(s *highwater.Snapshot) { s.GC.Cycles, s.GC.Pauses = cycles, latest })
	}
	h := history(paused(0, 5, 90*ms, 80*ms)) // before anybody watched
	if p := h.View().Pauses; p.Count != 0 || p.Max != 0 {
		t.Errorf("pauses of before: %+v", p)
	}
	var all []time.Duration
	for i := 1; i <= 100; i++ {
		all = append(all, time.Duration(i)*ms)
		h.Add(paused(float64(i), int64(5+i), all[max(len(all)-4, 0):]...)) // each comes four times
	}
	want := Pauses{Count: 100, Of: 100, P50: 50 * ms, P95: 95 * ms, P99: 99 * ms, Max: 100 * ms}
	if got := h.View().Pauses; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	h.Reset()
	h.Add(look(200, func(s *highwater.Snapshot) {
		s.GC.Cycles = 106
		s.Cycles = []highwater.Cycle{{Number: 106, Pause: 3 * ms}}
	}))
	if got := h.View().Pauses; got.Count != 1 || got.P50 != 3*ms || got.Max != 3*ms {
		t.Errorf("since the reset: %+v", got)
	}
	for i := range int64(3 * MostPauses) {
		h.Add(paused(float64(300+i), 107+i, ms))
	}
	if got := h.View().Pauses; got.Of != MostPauses || got.Count != 3*MostPauses+1 || got.Max != 3*ms || got.P99 != ms {
		t.Errorf("after many: %+v", got)
	}
}

func TestCompare(t *testing.T) {
	a := profiled(0, 0, site("f", 1, 1000, 5000), site("gone", 1, 300, 300), site("same", 1, 5, 5))
	b := profiled(60, 60, site("f", 1, 5000, 95000), site("new", 1, 200, 200), site("same", 1, 5, 9))
	a.Groups = []highwater.GoroutineGroup{{Count: 3, State: "select", Fingerprint: "x"}}
	b.Groups = []highwater.GoroutineGroup{{Count: 10, State: "select", Fingerprint: "x"}}
	b.Memory.RSS = 20e6 // less than the runtime holds: a part is never touched
	a.FDs, b.FDs = map[string]int{"file": 2}, map[string]int{"file": 2, "socket": 3}
	c := Compare(a, b)
	if c.Elapsed != time.Minute || len(c.Cautions) != 0 {
		t.Errorf("elapsed %v, cautions %q", c.Elapsed, c.Cautions)
	}
	swings := map[string]bool{}
	for _, f := range append(c.Parts, c.Bytes...) {
		swings[f.Name] = f.Swings()
	}
	for name, want := range map[string]bool{"RSS": false, "live heap": false, "heap": true, "new or dead": true, "stacks": false, "free, not returned": true} {
		if got, is := swings[name]; got != want || !is {
			t.Errorf("%s swings with each collection: %v, want %v; it is there: %v", name, got, want, is)
		}
	}
	var by int64
	for _, p := range c.Parts {
		by += p.By()
	}
	if by != -10e6 {
		t.Errorf("the parts add up to %d, and RSS changed by -10 MB", by)
	}
	if len(c.Sites) != 3 || c.Sites[0].After-c.Sites[0].Before != 4000 || c.Sites[0].AllocatedBetween != 90000 || c.Sites[1].InAfter || c.Sites[2].InBefore {
		t.Errorf("sites %+v", c.Sites)
	}
	if len(c.Groups) != 1 || c.Groups[0].Before != 3 || c.Groups[0].After != 10 {
		t.Errorf("groups %+v", c.Groups)
	}
	found := false
	for _, f := range c.Counts {
		found = found || f.Name == "descriptors" && f.By() == 3
	}
	if !found {
		t.Errorf("counts %+v", c.Counts)
	}
	// Without a collection between them sites tell nothing, unless they have changed.
	same := a
	if a.GC.Cycles, same.GC.Cycles = 4, 4; len(Compare(a, same).Cautions) != 1 || !strings.Contains(Compare(a, same).Cautions[0], "whether a site grew is not known") {
		t.Errorf("cautions %q", Compare(a, same).Cautions)
	}
	if same.GC.Cycles++; len(Compare(a, same).Cautions) != 0 {
		t.Errorf("cautions %q", Compare(a, same).Cautions)
	}
	if same.GC.Cycles, same.Sites = 4, b.Sites; len(Compare(a, same).Cautions) != 0 {
		t.Errorf("cautions %q", Compare(a, same).Cautions)
	}
	a.GC.Cycles = 0
	b.PID, b.Source, b.Go, a.Go, b.Rate, b.Groups = 8, highwater.SourcePprof, "go1.25", "go1.26", 512, nil
	if c := Compare(a, b); len(c.Cautions) != 5 {
		t.Errorf("cautions %q", c.Cautions)
	}
	if c := Compare(highwater.Snapshot{}, highwater.Snapshot{}); c.Parts != nil || c.Bytes != nil {
		t.Errorf("nothing against nothing: %+v", c)
	}
}
