package stability

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

var today = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

var info = highwater.ScenarioInfo{Suite: "s", Name: "a"}

// runOf is a run with one soak.
func runOf(s *highwater.Soak) *highwater.Run {
	return &highwater.Run{
		Scenarios: []highwater.ScenarioInfo{info},
		Measurements: []highwater.Measurement{{
			Scenario: info.ID(), Pass: highwater.PassSoak, Outcome: highwater.Outcome{Status: highwater.StatusOK}, Soak: s,
		}},
	}
}

// steady is a soak with points every 5 s, live memory as level says, a site that holds
// what site says, and noise of 4 KB.
func steady(n int, level, site func(i int) float64) *highwater.Soak {
	r := rand.New(rand.NewPCG(1, 2))
	s := &highwater.Soak{Source: highwater.SourceProbe, Interval: 5 * time.Second, Rate: 4096, Thinned: 1}
	put := highwater.SiteSeries{Site: highwater.Site{
		Where: highwater.Frame{Func: "example.com/m/store.(*Store).Put", File: "store.go", Line: 31}, Fingerprint: "0123456789ab",
	}}
	for i := range n {
		put.Bytes = append(put.Bytes, int64(site(i)))
		s.Points = append(s.Points, highwater.SoakPoint{
			At: int64(i) * 5e9, Op: int64(i) * 100, Heap: int64(level(i) + site(i) + 4e3*r.NormFloat64()),
			RSS: 60e6, Runtime: 50e6, Goroutines: 5, Threads: 8,
		})
	}
	s.Sites = []highwater.SiteSeries{put}
	return s
}

func always(x float64) func(int) float64 { return func(int) float64 { return x } }
func rising1(x float64) func(int) float64 {
	return func(i int) float64 { return x * float64(i) }
}

func find(t *testing.T, rep *highwater.Report, check string) highwater.Finding {
	t.Helper()
	for _, row := range rep.Rows {
		for _, f := range row.Findings {
			if f.Check == check {
				return f
			}
		}
	}
	t.Fatalf("no finding of %s in %+v", check, rep)
	return highwater.Finding{}
}

func TestVerdicts(t *testing.T) {
	leaky := func() *highwater.Soak { return steady(120, always(11e6), rising1(5e3)) }
	known := Known{Fingerprint: "0123456789ab", Reason: "the store is to go", Where: "highwater.yml:7", Until: today.AddDate(0, 1, 0)}
	with := func(s *highwater.Soak, change func(*highwater.Soak)) *highwater.Soak {
		change(s)
		return s
	}
	flat := func() *highwater.Soak { return steady(120, always(11e6), always(1e6)) }
	for name, c := range map[string]struct {
		soak   *highwater.Soak
		policy Policy
		check  string
		want   highwater.Verdict
		exit   int
		words  string
	}{
		"flat": {flat(), Policy{GrowthPercent: 10}, CheckLeak, highwater.VerdictPass, 0, "no leak: live memory is flat at 12.0 MB"},
		"leak": {leaky(), Policy{}, CheckLeak, highwater.VerdictFail, 1, "leak in s/a: live memory grows by 3.59 MB an hour (between "},
		"leak's site": {
			leaky(), Policy{}, CheckLeak, highwater.VerdictFail, 1, "store.(*Store).Put (store.go:31) from 5.00 KB to 590 KB, 50 B an operation",
		},
		"time to limit": {leaky(), Policy{Limit: 20e6}, CheckLeak, highwater.VerdictFail, 1, "at this rate it reaches 20.0 MB in 2h"},
		"growth limit":  {leaky(), Policy{GrowthPercent: 10}, CheckGrowth, highwater.VerdictFail, 1, "% an hour, the limit is 10 %"},
		"within growth": {leaky(), Policy{GrowthPercent: 50}, CheckGrowth, highwater.VerdictPass, 1, "within the limits"},
		"max growth":    {leaky(), Policy{MaxGrowth: 500e3}, CheckGrowth, highwater.VerdictFail, 1, "the limit is 500 KB"},
		"known":         {leaky(), Policy{Known: []Known{known}, Now: today}, CheckLeak, highwater.VerdictWarn, 0, "known leak: store.(*Store).Put"},
		"known, past": {
			leaky(),
			Policy{Known: []Known{known}, Now: today.AddDate(1, 0, 0)},
			CheckLeak, highwater.VerdictFail, 1,
			"it was known until 2027-01-01, which is past (highwater.yml:7): the store is to go",
		},
		"settled": {
			steady(120, func(i int) float64 { return 11e6 + 2e6*math.Min(float64(i)/40, 1) }, always(0)),
			Policy{GrowthPercent: 10},
			CheckLeak, highwater.VerdictPass, 0, "",
		},
		"filling": {
			steady(240, func(i int) float64 { return 11e6 + 4e6*(1-math.Exp(-float64(i)/110)) }, always(0)),
			Policy{},
			CheckLeak, highwater.VerdictWarn, 0, "ever more slowly",
		},
		"short":    {steady(19, always(1e6), always(0)), Policy{}, CheckLeak, highwater.VerdictInconclusive, 2, "with 19 checkpoints, it takes 20"},
		"empty":    {&highwater.Soak{Source: highwater.SourceProbe}, Policy{}, CheckLeak, highwater.VerdictInconclusive, 2, "with 0 checkpoints"},
		"twisted":  {with(flat(), func(s *highwater.Soak) { s.Points[50].At = 1 }), Policy{}, CheckOutcome, highwater.VerdictError, 2, "1 point is out of order"},
		"ended":    {with(flat(), func(s *highwater.Soak) { s.Ended = "interrupted" }), Policy{}, CheckLeak, highwater.VerdictPass, 0, ""},
		"for ever": {with(flat(), func(s *highwater.Soak) { s.Blocked = []highwater.Leftover{{Count: 3, Detail: "m.wait"}} }), Policy{}, "", highwater.VerdictFail, 1, ""},
		"goroutines": {
			with(flat(), func(s *highwater.Soak) {
				g := highwater.GoroutineSeries{Created: highwater.Frame{Func: "m.serve", File: "m.go", Line: 3}, State: "chan receive"}
				for i := range s.Points {
					g.Counts = append(g.Counts, i/3)
				}
				s.Goroutines = append(s.Goroutines, g)
			}), Policy{}, CheckGoroutines, highwater.VerdictFail, 1, "goroutines of m.serve (m.go:3), in chan receive keep growing: from 0 to 39",
		},
		"descriptors": {
			with(flat(), func(s *highwater.Soak) {
				for i := range s.Points {
					s.Points[i].FDs = map[string]int{"socket": 3 + i/4, "file": 7}
				}
			}), Policy{}, CheckFDs, highwater.VerdictFail, 1, "descriptors (socket) keep growing: from 3 to 32",
		},
		"few descriptors": {
			with(flat(), func(s *highwater.Soak) {
				for i := range s.Points {
					s.Points[i].FDs = map[string]int{"socket": 3 + i/15}
				}
			}), Policy{}, CheckFDs, highwater.VerdictPass, 0, "",
		},
		"off-heap": {
			with(flat(), func(s *highwater.Soak) {
				for i := range s.Points {
					s.Points[i].RSS += int64(i) * 1e5
				}
				s.Mappings = []highwater.Mapping{{Name: "[heap]", Before: 1e6, After: 12.9e6}}
			}), Policy{}, CheckOffHeap, highwater.VerdictFail, 1, "[heap] (from 1.00 MB to 12.9 MB)",
		},
		"off-heap, no mapping confirms it": {
			with(flat(), func(s *highwater.Soak) {
				for i := range s.Points {
					s.Points[i].RSS += int64(i) * 1e5
				}
				s.Mappings = []highwater.Mapping{{Name: "[heap]", Before: 1e6, After: 1e6}}
			}), Policy{}, CheckOffHeap, highwater.VerdictPass, 0, "",
		},
		"resident": {
			with(flat(), func(s *highwater.Soak) { s.Source = highwater.SourceProcess }), Policy{}, CheckLeak, highwater.VerdictUnjudged, 2, "cannot be seen from outside",
		},
	} {
		t.Run(name, func(t *testing.T) {
			rep := Judge(runOf(c.soak), c.policy)
			if c.check != "" {
				if f := find(t, rep, c.check); f.Verdict != c.want || !strings.Contains(f.Reason, c.words) {
					t.Errorf("%s: %s\nwant %s with %q", f.Verdict, f.Reason, c.want, c.words)
				}
			}
			if rep.Exit != c.exit {
				t.Errorf("exit %d, want %d: %+v", rep.Exit, c.exit, rep.Rows[0].Findings)
			}
			if _, err := json.Marshal(rep); err != nil {
				t.Errorf("the report cannot be written: %v", err)
			}
		})
	}
}

// Threads that pile up take their stacks with them: the mapping that these are in is no
// leak of its own, unless it grows by more than that.
func TestThreadsAndTheirStacks(t *testing.T) {
	for each, want := range map[int64]bool{20 << 10: false, 500 << 10: true} {
		s := steady(120, always(11e6), always(1e6))
		m := highwater.Mapping{Name: "anonymous"}
		for i := range s.Points {
			more := 3 * int64(i)
			s.Points[i].Threads = 10 + int(more)
			s.Points[i].Bookkeeping = 2e6
			s.Points[i].RSS += more * each
			m.Bytes = append(m.Bytes, 5e6+more*each)
		}
		m.Before, m.After = m.Bytes[0], m.Bytes[len(m.Bytes)-1]
		s.Mappings = []highwater.Mapping{m}
		suspects := Assess(s, Policy{}).Suspects
		has := func(kind string) bool {
			return slices.ContainsFunc(suspects, func(s highwater.Suspect) bool { return s.Kind == kind })
		}
		if !has(kindThreads) || has(kindMapping) != want {
			t.Errorf("%d bytes a thread: %+v", each, suspects)
		}
	}
}

// Within seconds pages that are touched for the first time are no leak; a large growth is,
// and a small one within minutes.
func TestMappingsOfAYoungProcess(t *testing.T) {
	for _, c := range []struct {
		every time.Duration
		grows int64 // from each checkpoint to the next
		want  bool
	}{
		{65 * time.Millisecond, 15_000, false},
		{65 * time.Millisecond, 150_000, true},
		{5 * time.Second, 15_000, true},
	} {
		s := steady(61, always(11e6), always(1e6))
		m := highwater.Mapping{Name: "anonymous"}
		for i := range s.Points {
			s.Points[i].At = int64(i) * int64(c.every)
			s.Points[i].Bookkeeping = 1e5
			s.Points[i].RSS += int64(i) * c.grows
			m.Bytes = append(m.Bytes, 2e6+int64(i)*c.grows)
		}
		m.Before, m.After = m.Bytes[0], m.Bytes[len(m.Bytes)-1]
		s.Mappings = []highwater.Mapping{m}
		got := slices.ContainsFunc(Assess(s, Policy{}).Suspects, func(s highwater.Suspect) bool { return s.Kind == kindMapping })
		if got != c.want {
			t.Errorf("%+v: a suspect: %t", c, got)
		}
	}
}

func TestArithmetic(t *testing.T) {
	s := steady(120, always(11e6), rising1(5e3))
	for i := range s.Points {
		s.Points[i].Heap = 11e6 + int64(i)*5e3 // without noise: 1 KB/s, 50 B an operation
	}
	r := Assess(s, Policy{Limit: 12e6})
	if r.Course != highwater.CourseGrowing || r.Initial != 11e6 || r.Final != 11e6+119*5e3 || r.Checkpoints != 120 || r.Ops != 11900 {
		t.Errorf("%+v", r)
	}
	for what, got := range map[string][2]float64{
		"an hour": {r.PerHour.Center, 3.6e6}, "an operation": {r.PerOp.Center, 50}, "percent": {r.PercentPerHour.Center, 3.6e6 / 11e6 * 100},
		"to the limit": {r.ToLimit.Seconds(), (1e6 - 119*5e3) / 1e3}, "of the suspect": {r.Suspects[0].PerHour, 3.6e6},
		"of it by operation": {r.Suspects[0].PerOp, 50}, "share": {r.Suspects[0].Share, 1}, "tau": {r.Suspects[0].Tau, 1},
	} {
		if math.Abs(got[0]-got[1]) > 1e-6*got[1] {
			t.Errorf("%s: %v, want %v", what, got[0], got[1])
		}
	}
}

func TestRunsThatCannotBeJudged(t *testing.T) {
	if rep := Judge(nil, Policy{}); rep.Exit != highwater.ExitError {
		t.Errorf("nothing: exit %d", rep.Exit)
	}
	run := runOf(nil)
	if rep := Judge(run, Policy{}); rep.Exit != highwater.ExitError {
		t.Errorf("no soak: exit %d", rep.Exit)
	}
	run = runOf(steady(120, always(1e6), always(0)))
	run.Measurements[0].Outcome = highwater.Outcome{Status: highwater.StatusKilled, Detail: "killed by signal 9"}
	rep := Judge(run, Policy{})
	if f := find(t, rep, CheckOutcome); rep.Exit != highwater.ExitError || !strings.Contains(f.Reason, "killed by signal 9") {
		t.Errorf("killed: exit %d, %s", rep.Exit, f.Reason)
	}
	if f := find(t, rep, CheckLeak); f.Verdict != highwater.VerdictPass {
		t.Errorf("what was gathered is not judged: %+v", f)
	}
	run.Measurements[0].Leftovers = []highwater.Leftover{{Kind: "fd", Count: 2, Detail: "socket"}}
	if rep := Judge(run, Policy{}); rep.Exit != highwater.ExitFail {
		t.Errorf("leftovers: exit %d", rep.Exit)
	}
	rep = Judge(runOf(steady(120, always(1e6), always(0))), Policy{
		Known: []Known{{Fingerprint: "0123456789ab", Reason: "r", Until: today}}, Now: today,
	})
	if notes := strings.Join(rep.Rows[0].Notes, "\n"); !strings.Contains(notes, "nothing fails that the known leak is for") {
		t.Errorf("a known leak that is none: %q", notes)
	}
}

// TestHostile: whatever a run file says, there is a verdict, and it can be written.
func TestHostile(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	wild := func() int64 {
		switch r.IntN(6) {
		case 0:
			return math.MaxInt64
		case 1:
			return math.MinInt64
		case 2:
			return 0
		default:
			return r.Int64N(1e9) - 1e8
		}
	}
	sources := []highwater.SoakSource{highwater.SourceProbe, highwater.SourcePprof, highwater.SourceProcess, "?"}
	for range 300 {
		s := &highwater.Soak{Source: sources[r.IntN(4)], Thinned: int(wild()), Rate: int(wild()), Planned: time.Duration(wild())}
		n := r.IntN(130)
		for i := range n {
			p := highwater.SoakPoint{
				At: int64(i) * 1e9, Op: wild(), Heap: wild(), Stacks: wild(), RSS: wild(), Runtime: wild(),
				Goroutines: int(wild()), Threads: int(wild()), FDs: map[string]int{"a": int(wild())}, Children: int(wild()),
				Work: &highwater.SoakWork{Ops: wild(), Busy: time.Duration(wild()), CPU: time.Duration(wild()), P50: time.Duration(wild()), P95: time.Duration(wild())},
			}
			if r.IntN(50) == 0 {
				p.At = wild()
			}
			s.Points = append(s.Points, p)
		}
		var site highwater.SiteSeries
		var group highwater.GoroutineSeries
		for range n + r.IntN(3) {
			site.Bytes, group.Counts = append(site.Bytes, wild()), append(group.Counts, int(wild()))
		}
		s.Sites, s.Goroutines = []highwater.SiteSeries{site, {}}, []highwater.GoroutineSeries{group, {}}
		s.Mappings = []highwater.Mapping{{Before: wild(), After: wild()}}
		s.Blocked = []highwater.Leftover{{Count: int(wild())}}
		rep := Judge(runOf(s), Policy{GrowthPercent: 10, MaxGrowth: 1, Limit: wild()})
		if _, err := json.Marshal(rep); err != nil {
			t.Fatalf("the report cannot be written: %v", err)
		}
	}
}
