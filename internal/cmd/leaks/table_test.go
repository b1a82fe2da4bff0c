package main

import (
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

// nth judges a soak to leak from so many checkpoints on.
func nth(n int) judge { return func(s *highwater.Soak) bool { return len(s.Points) >= n } }

func TestDetected(t *testing.T) {
	s := &highwater.Soak{
		Points:     []highwater.SoakPoint{{At: 1}, {At: 2}, {At: 3}, {At: 4}},
		Sites:      []highwater.SiteSeries{{Bytes: []int64{1, 2, 3, 4}}},
		Goroutines: []highwater.GoroutineSeries{{Counts: []int{1, 2, 3, 4}}},
	}
	if at, ok := detected(s, nth(3)); !ok || at != 3 {
		t.Errorf("got %d, %t, want 3", at, ok)
	}
	if at, ok := detected(s, nth(5)); ok {
		t.Errorf("got %d for what is never judged to leak", at)
	}
	seen := 0
	detected(s, func(p *highwater.Soak) bool {
		seen++
		if n := len(p.Points); len(p.Sites[0].Bytes) != n || len(p.Goroutines[0].Counts) != n {
			t.Errorf("the series of %d points have %d and %d", n, len(p.Sites[0].Bytes), len(p.Goroutines[0].Counts))
		}
		return false
	})
	if seen != 3 || len(s.Sites[0].Bytes) != 4 {
		t.Errorf("%d prefixes, and %d of the series are left", seen, len(s.Sites[0].Bytes))
	}
}

// What is accused is right at a marked line, or where the table says so; a line of
// that number elsewhere is not.
func TestRight(t *testing.T) {
	leaks := map[place]bool{{"main.go", 7}: true}
	frame := func(name, file string, line int) *highwater.Site {
		return &highwater.Site{Where: highwater.Frame{Func: name, File: file, Line: line}}
	}
	for _, c := range []struct {
		kind    string
		suspect highwater.Suspect
		want    bool
	}{
		{"sessions", highwater.Suspect{Kind: "site", Site: frame("main.f", "/a/main.go", 7)}, true},
		{"sessions", highwater.Suspect{Kind: "site", Site: frame("main.f", "/a/main.go", 8)}, false},
		{"sessions", highwater.Suspect{Kind: "site", Site: frame("example.com/leaky/pace.object", "/a/pace.go", 7)}, false},
		{"sessions", highwater.Suspect{Kind: "goroutines", Site: frame("net/http.(*Transport).dialConn", "/t.go", 7)}, false},
		{"bodies", highwater.Suspect{Kind: "goroutines", Site: frame("net/http.(*Transport).dialConn", "/t.go", 9)}, true},
		{"bodies", highwater.Suspect{Kind: "fds", Name: "descriptors of kind socket"}, true},
		{"bodies", highwater.Suspect{Kind: "fds", Name: "descriptors of kind pipe"}, false},
		{"pipes", highwater.Suspect{Kind: "fds", Name: "descriptors of kind pipe"}, true},
		{"pipes", highwater.Suspect{Kind: "threads", Name: "threads"}, false},
		{"threads", highwater.Suspect{Kind: "threads", Name: "threads"}, true},
		{"callocator", highwater.Suspect{Kind: "mapping", Name: "[heap]"}, true},
		{"callocator", highwater.Suspect{Kind: "mapping", Name: "/lib/libc.so"}, false},
	} {
		k, _ := named(c.kind)
		if got := k.Truth.right(c.suspect, leaks); got != c.want {
			t.Errorf("%s: %+v is right: %t, want %t", c.kind, c.suspect, got, c.want)
		}
	}
}

func TestTake(t *testing.T) {
	k, _ := named("mapped")
	r := result{trial: trial{Kind: "mapped", Leak: true}, Exit: highwater.ExitFail}
	fail := highwater.Finding{Check: "leak", Verdict: highwater.VerdictFail, Label: highwater.LabelOffHeap, Reason: "RSS grows"}
	soak := &highwater.SoakResult{Course: highwater.CourseFlat, Suspects: []highwater.Suspect{{Kind: "threads", Name: "threads"}}}
	r.take(&highwater.Report{Rows: []highwater.Row{{Soak: soak, Findings: []highwater.Finding{fail}}}}, k.Truth, nil)
	if !r.Found || len(r.Right) != 1 || len(r.Wrong) != 1 || r.Error != "" {
		t.Errorf("%+v", r)
	}
	// A slow-down is no leak found, and still a false alarm of a clean program.
	slow := result{trial: trial{Kind: "mapped"}, Exit: highwater.ExitFail}
	slow.take(&highwater.Report{Rows: []highwater.Row{{Soak: soak, Findings: []highwater.Finding{{Check: "slowdown", Verdict: highwater.VerdictFail}}}}}, k.Truth, nil)
	if slow.Found || !slow.alarm() {
		t.Errorf("%+v", slow)
	}
	none := result{}
	none.take(&highwater.Report{Rows: []highwater.Row{{}}}, k.Truth, nil)
	if !none.open() {
		t.Error("a report without a soak was judged")
	}
}

func TestTable(t *testing.T) {
	seconds := func(x float64) *float64 { return &x }
	found := result{trial: trial{"small", true, 0, 0}, Exit: 1, Found: true, Right: []string{"site"}, Detected: seconds(120)}
	late, missed, laid, more := found, found, found, found
	late.Detected = seconds(601)
	missed.Found, missed.Exit, missed.Course = false, 0, highwater.CourseFlat
	laid.Right, laid.Wrong = nil, []string{"site main.g"}
	more.Wrong = []string{"fds file"}
	clean := result{trial: trial{"small", false, 0, 0}}
	alarm, broken, undecided := clean, clean, clean
	alarm.Exit, alarm.Failed = 1, []string{"leak live: it grows"}
	broken.Exit, broken.Error = 2, "does not build"
	undecided.Exit, undecided.Verdict = 2, highwater.VerdictInconclusive
	s := settings{leaks: 1, twins: 1, kinds: []string{"small"}, speed: 40, duration: 15 * time.Second, interval: time.Second, jobs: 2}
	for _, c := range []struct {
		name string
		all  []result
		exit int
		want []string
	}{
		{"as it should be", []result{found, clean}, highwater.ExitOK, []string{"machine. Soaks of 15s", "40 times faster", "10m0s", "| 1 of 1 | 120 s | 1 | 0 | 0 of 1 |", "False alarms: 0 of 1 clean runs"}},
		{"late", []result{late, clean}, highwater.ExitFail, []string{"was not seen to be found within 10m0s"}},
		{"missed", []result{missed, clean}, highwater.ExitFail, []string{"| 0 of 1 |", "small was not found (flat)"}},
		{"laid to something else", []result{laid, clean}, highwater.ExitFail, []string{"laid to nothing that leaks: site main.g"}},
		{"something besides", []result{more, clean}, highwater.ExitFail, []string{"something else accused besides: fds file"}},
		{"a false alarm", []result{found, alarm}, highwater.ExitFail, []string{"1 of 1 |", "small, the twin is clean, and failed: leak live: it grows"}},
		{"not measured", []result{found, broken}, highwater.ExitError, []string{"Not judged:", "does not build", "False alarms: 0 of 0"}},
		{"inconclusive is no clean run", []result{found, undecided}, highwater.ExitError, []string{"status 2, verdict inconclusive", "0 of 0 |"}},
		{"not enough", []result{found}, highwater.ExitError, []string{"not been soaked as often"}},
		{"nothing", nil, highwater.ExitError, []string{"not been soaked as often"}},
	} {
		var b strings.Builder
		if exit := table(&b, s, "machine", c.all); exit != c.exit {
			t.Errorf("%s: exit %d, want %d", c.name, exit, c.exit)
		}
		for _, w := range c.want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%s: %q is not in\n%s", c.name, w, b.String())
			}
		}
	}
}
