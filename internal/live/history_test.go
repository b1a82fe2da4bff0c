package live

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

var start = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// look is a snapshot at a number of seconds after the start.
func look(seconds float64, set ...func(*highwater.Snapshot)) highwater.Snapshot {
	s := highwater.Snapshot{
		Source: highwater.SourceProbe, Name: "server (pid 7)", PID: 7,
		At: start.Add(time.Duration(seconds * float64(time.Second))),
		Memory: highwater.Memory{
			Live: 10e6, Heap: 14e6, InUse: 15e6, Goal: 20e6, Stacks: 1e6, Metadata: 2e6, Free: 3e6,
			Released: 5e6, Total: 26e6, RSS: 30e6,
		},
	}
	for _, f := range set {
		f(&s)
	}
	return s
}

func history(looks ...highwater.Snapshot) *History {
	var h History
	for _, s := range looks {
		h.Add(s)
	}
	return &h
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(want) != math.IsNaN(got) || math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestRates(t *testing.T) {
	at := func(seconds float64, cycles int64) highwater.Snapshot {
		return look(seconds, func(s *highwater.Snapshot) {
			s.Allocated = highwater.Allocated{Bytes: int64(seconds * 5e6), Objects: int64(seconds * 1000)}
			s.GC = highwater.Collector{
				Cycles: cycles, GCSeconds: float64(cycles) * 0.02, AssistSeconds: float64(cycles) * 0.005,
				ScavengeSeconds: float64(cycles) * 0.001, TotalSeconds: float64(cycles) * 0.2,
			}
			s.Ops = int64(seconds * 40)
		})
	}
	var h History
	if v := h.View(); v.Looks != 0 || v.Parts != nil {
		t.Errorf("nothing seen: %+v", v)
	}
	h.Add(at(0, 0))
	r := h.View().Rates
	near(t, "the rate after one look", r.AllocBytes, math.NaN())
	near(t, "the pressure after one look", r.Pressure, math.NaN())
	for i := 1; i <= 120; i++ {
		h.Add(at(float64(i)/4, int64(i)))
	}
	r = h.View().Rates
	near(t, "bytes a second", r.AllocBytes, 5e6)
	near(t, "objects a second", r.AllocObjects, 1000)
	near(t, "operations a second", r.Ops, 40)
	near(t, "collections a second", r.Cycles, 4)
	near(t, "the collector's share", r.GCShare, 0.1)
	near(t, "the share of assists", r.AssistShare, 0.025)
	near(t, "the scavenger's share", r.ScavengeShare, 0.005)
	near(t, "the pressure", r.Pressure, 0.4)
	if r.Over != Window {
		t.Errorf("the collector's figures are of %v", r.Over)
	}
	if len(h.marks) > 50 {
		t.Errorf("%d marks are kept for ten seconds", len(h.marks))
	}
	// Looks that are further apart than the window: the time between two is the window.
	h.Add(at(90, 121))
	near(t, "bytes a second over a minute", h.View().Rates.AllocBytes, 5e6)
	if over := h.View().Rates.Over; over != time.Minute {
		t.Errorf("the window is %v", over)
	}
}

func TestPressureKnowsRestFromIgnorance(t *testing.T) {
	gc := func(c highwater.Collector) func(*highwater.Snapshot) {
		return func(s *highwater.Snapshot) { s.GC = c }
	}
	idle := highwater.Collector{Cycles: 3, GCSeconds: 1, TotalSeconds: 9}
	near(t, "the share without a collection", history(look(0, gc(idle)), look(1, gc(idle))).View().Rates.GCShare, 0)
	running := idle
	running.Running = true
	near(t, "the share while the first collection runs", history(look(0, gc(idle)), look(1, gc(running))).View().Rates.GCShare, math.NaN())
	busy := highwater.Collector{Cycles: 9, GCSeconds: 5, TotalSeconds: 14}
	near(t, "the pressure of a busy collector", history(look(0, gc(idle)), look(1, gc(busy))).View().Rates.Pressure, 1)
	lacks := func(s *highwater.Snapshot) {
		s.Lacks = map[highwater.Quantity]string{highwater.QuantityGCCPU: "no", highwater.QuantityAllocated: "no", highwater.QuantityCycles: "no"}
	}
	r := history(look(0, lacks), look(1, lacks)).View().Rates
	near(t, "the share where it cannot be seen", r.GCShare, math.NaN())
	near(t, "the rate where it cannot be seen", r.AllocBytes, math.NaN())
	near(t, "the collections where they cannot be seen", r.Cycles, math.NaN())
}

func TestAnotherProcess(t *testing.T) {
	grown := func(bytes int64, pid int) func(*highwater.Snapshot) {
		return func(s *highwater.Snapshot) {
			s.Allocated.Bytes, s.PID = bytes, pid
			s.Sites = []highwater.SiteUse{{Site: highwater.Site{Bytes: bytes, Fingerprint: "a"}}}
			s.SitesAt = s.At
		}
	}
	for name, second := range map[string]highwater.Snapshot{
		"counters that went back": look(1, grown(10, 7)),
		"another id":              look(1, grown(2000, 8)),
	} {
		h := history(look(0, grown(1000, 7)), second)
		v := h.View()
		if v.Restarts != 1 || !v.ResetAt.Equal(second.At) || len(v.Recent) != 2 {
			t.Errorf("%s: %d restarts, reset at %v, %d points", name, v.Restarts, v.ResetAt, len(v.Recent))
		}
		if v.Sites[0].Change != 0 || !math.IsNaN(v.Sites[0].Rate) || !math.IsNaN(v.Rates.AllocBytes) {
			t.Errorf("%s: the new process is compared with the old one: %+v %+v", name, v.Sites[0], v.Rates)
		}
	}
	// A figure that the source lost for one look has not gone back.
	// Trees are told apart by their processes.
	tree := func(pids ...int) func(*highwater.Snapshot) {
		return func(s *highwater.Snapshot) {
			s.PID, s.Processes = 0, nil
			for _, pid := range pids {
				s.Processes = append(s.Processes, highwater.Process{PID: pid})
			}
		}
	}
	for _, c := range []struct {
		second   []int
		restarts int
	}{{[]int{7, 9}, 0}, {[]int{9, 10}, 1}, {nil, 0}} {
		if v := history(look(0, tree(7, 8)), look(1, tree(c.second...))).View(); v.Restarts != c.restarts {
			t.Errorf("processes %v after 7 and 8: %d restarts, want %d", c.second, v.Restarts, c.restarts)
		}
	}
	if v := history(look(0, grown(1000, 7)), look(1)).View(); v.Restarts != 0 {
		t.Error("a lost figure is taken for another process")
	}
	// An older look, or the same again, is no news.
	if v := history(look(5), look(4), look(5)).View(); v.Looks != 1 {
		t.Errorf("%d looks of one", v.Looks)
	}
}

func TestEnd(t *testing.T) {
	h := history(look(0), look(1))
	h.Add(highwater.Snapshot{At: start.Add(2 * time.Second), Ended: "exited with status 1"})
	v := h.View()
	if v.Ended != "exited with status 1" || v.Snapshot.Memory.RSS != 30e6 || v.Looks != 2 {
		t.Errorf("ended %q, RSS %d, %d looks", v.Ended, v.Snapshot.Memory.RSS, v.Looks)
	}
	h.Add(look(3, func(s *highwater.Snapshot) { s.PID = 9 }))
	if v := h.View(); v.Ended != "" || v.Restarts != 1 {
		t.Errorf("a new process: ended %q, %d restarts", v.Ended, v.Restarts)
	}
}

func TestPartsAddUpAndChange(t *testing.T) {
	h := history(look(0), look(1, func(s *highwater.Snapshot) { s.Memory.RSS, s.Memory.Live = 33e6, 11e6 }))
	v := h.View()
	var total, change int64
	for _, p := range v.Parts {
		total, change = total+p.Bytes, change+p.Change
	}
	if total != 33e6 || change != 3e6 {
		t.Errorf("the parts add up to %d, their changes to %d", total, change)
	}
	h.Reset()
	for _, p := range h.View().Parts {
		if p.Change != 0 {
			t.Errorf("%s has changed by %d since the reset", p.Name, p.Change)
		}
	}
	if v.Parts[0].Change != 1e6 {
		t.Error("a View changed after it was made")
	}
}

func TestSeriesIsBoundedAndKeepsPeaks(t *testing.T) {
	var h History
	const days = 30_000
	for i := range days {
		h.Add(look(float64(i), func(s *highwater.Snapshot) {
			if i == 12_345 {
				s.Memory.RSS = 99e6
			}
		}))
		if i%997 != 0 && i != days-1 {
			continue
		}
		v := h.View()
		if len(v.Recent) > Points || len(v.All) > Points {
			t.Fatalf("%d and %d points after %d looks", len(v.Recent), len(v.All), i)
		}
		if last := v.All[len(v.All)-1].At; !last.Equal(v.Snapshot.At) || !v.Recent[len(v.Recent)-1].At.Equal(last) {
			t.Fatalf("the course ends at %v, not at the newest look, %v", last, v.Snapshot.At)
		}
		if !slices.IsSortedFunc(v.All, func(a, b Point) int { return a.At.Compare(b.At) }) {
			t.Fatal("the course is out of order")
		}
	}
	v := h.View()
	if len(v.All) < Points/2 || len(v.Recent) != Points || v.All[0].At.Sub(start) > time.Duration(days/Points*4)*time.Second {
		t.Errorf("%d points from %v on", len(v.All), v.All[0].At)
	}
	if !slices.ContainsFunc(v.All, func(p Point) bool { return p.RSS == 99e6 }) {
		t.Error("a peak of one look is lost")
	}
	frozen := slices.Clone(v.All)
	recent := slices.Clone(v.Recent)
	for i := range 3000 {
		h.Add(look(float64(days + i)))
	}
	same := func(a, b Point) bool { return a.At.Equal(b.At) && a.RSS == b.RSS && a.Heap == b.Heap }
	if !slices.EqualFunc(frozen, v.All, same) || !slices.EqualFunc(recent, v.Recent, same) {
		t.Error("a View changed after it was made")
	}
}

func TestTree(t *testing.T) {
	p := func(pid, parent int) highwater.Process { return highwater.Process{PID: pid, Parent: parent} }
	rows := tree([]highwater.Process{p(1, 0), p(3, 2), p(2, 1), p(4, 1), p(8, 9), p(9, 8), p(5, 5)})
	got := ""
	for _, r := range rows {
		got += fmt.Sprintf("%d@%d ", r.PID, r.Depth)
	}
	if want := "1@0 2@1 3@2 4@1 5@0 8@0 9@1 "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var chain []highwater.Process
	for i := range 1000 {
		chain = append(chain, p(i+1, i))
	}
	if got := tree(chain); len(got) != 1000 {
		t.Errorf("%d of 1000 nested processes are listed", len(got))
	}
}
