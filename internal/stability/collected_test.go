package stability

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// Looking again before the next collection tells nothing new: three heights, each seen
// twenty times, are no staircase, and twenty collections that each find more are a leak.
func TestCollected(t *testing.T) {
	steps := func(each int) *highwater.Soak {
		s := steady(60*each, always(11e6), always(0))
		for i := range s.Points {
			k := i / each
			s.Points[i].Cycle, s.Points[i].Heap = int64(7+k), 11e6+int64(k)*200e3
			s.Sites[0].Bytes[i] = 1e6 + int64(k)*200e3
		}
		s.Source = highwater.SourceMemory
		return s
	}
	few := steps(20)
	few.Points, few.Sites[0].Bytes = few.Points[:60], few.Sites[0].Bytes[:60]
	r := Judge(runOf(few), Policy{})
	f := find(t, r, CheckLeak)
	if f.Verdict != highwater.VerdictInconclusive || !strings.Contains(f.Reason, "3 checkpoints of 60") || len(r.Rows[0].Soak.Suspects) != 0 {
		t.Errorf("three collections: %s, %s, %v", f.Verdict, f.Reason, r.Rows[0].Soak.Suspects)
	}
	if n := r.Rows[0].Soak.Collections; n != 3 {
		t.Errorf("%d collections, want 3", n)
	}
	forced := steps(1)
	for i := range forced.Points {
		forced.Points[i].Cycle = 0
	}
	for name, s := range map[string]*highwater.Soak{"each looked at twice": steps(2), "each once": steps(1), "forced": forced} {
		r := Judge(runOf(s), Policy{})
		if f := find(t, r, CheckLeak); f.Verdict != highwater.VerdictFail || len(r.Rows[0].Soak.Suspects) == 0 {
			t.Errorf("%s: %s, %s", name, f.Verdict, f.Reason)
		}
	}
	// What is counted is counted at every look.
	for i := range few.Points {
		few.Points[i].Threads = 8 + i
	}
	if f := find(t, Judge(runOf(few), Policy{}), CheckThreads); f.Verdict != highwater.VerdictFail {
		t.Errorf("threads: %s, %s", f.Verdict, f.Reason)
	}
}
