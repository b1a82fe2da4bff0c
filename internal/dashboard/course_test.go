package dashboard_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/dashboard"
	"github.com/highwater-dev/highwater/internal/dashboard/madeup"
)

// unpack reads what pack writes, as web/data.js does.
func unpack(t *testing.T, p any) []float64 {
	t.Helper()
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	m := p.(map[string]any)
	text, from, to := m["y"].(string), m["from"].(float64), m["to"].(float64)
	var all []float64
	for i := 0; i+1 < len(text); i += 2 {
		n := 64*strings.IndexByte(letters, text[i]) + strings.IndexByte(letters, text[i+1])
		all = append(all, from+(to-from)*float64(n)/4095)
	}
	return all
}

// What collections found between two checkpoints is a curve of its own, with its own times
// and with its spike, however much the page is thinned.
func TestCollectionsAreDrawn(t *testing.T) {
	for _, in := range []dashboard.Input{madeup.Many(1, 0), madeup.Many(500, 365)} {
		spike := highwater.Collected{At: 417e6, Heap: 7_654_321, Stacks: 9_000}
		for i := range in.Report.Run.Measurements {
			m := &in.Report.Run.Measurements[i]
			if m.Collections == nil {
				continue
			}
			m.Collections.Points = nil
			for k := range 800 {
				m.Collections.Points = append(m.Collections.Points, highwater.Collected{At: int64(k) * 1e6, Heap: 1e6, Stacks: 9_000})
			}
			m.Collections.Points[417] = spike
			m.Collections.Thinned = 4
		}
		d := dataOf(t, render(t, in))
		frames := d["frames"].([]any)
		c := d["scenarios"].([]any)[0].(map[string]any)["courses"].([]any)[0].(map[string]any)
		lines := c["lines"].([]any)
		if len(lines) != 3 {
			t.Fatalf("%d lines", len(lines))
		}
		between := lines[2].(map[string]any)
		if name := frames[int(between["name"].(float64))]; name != "other collections" {
			t.Errorf("it is called %v", name)
		}
		at, live := unpack(t, between["x"]), unpack(t, between["v"])
		top := 0
		for i := range live {
			if live[i] > live[top] {
				top = i
			}
		}
		if len(at) != len(live) || math.Abs(live[top]-7_663_321) > 7_663_321./4095 || math.Abs(at[top]-0.417) > 0.001 {
			t.Errorf("of %d points the highest is %.0f at %.3f s", len(live), live[top], at[top])
		}
		said := ""
		for _, n := range c["said"].([]any) {
			said += frames[int(n.(float64))].(string) + "\n"
		}
		if !strings.Contains(said, "110 of 112 collections were looked at; the curve has those that no checkpoint forced, and of every 4 of them the one that found most.") {
			t.Errorf("it says\n%s", said)
		}
	}
}

// soak is a made-up soak that leaks at one site, and what came of it.
func soak() dashboard.Input {
	in := madeup.Many(1, 0)
	id := in.Report.Rows[0].Scenario.ID()
	site := highwater.Site{
		Where: highwater.Frame{Func: "example.com/made/up/store.(*Cache).keep", File: "/src/cache.go", Line: 7}, Fingerprint: "0a1b2c3d4e5f",
		Stack: []highwater.Frame{{Func: "example.com/made/up/store.(*Cache).keep", File: "/src/cache.go", Line: 7}, {Func: "main.main", File: "/src/main.go", Line: 3}},
	}
	near := site
	near.Where.Line = 8
	s := &highwater.Soak{Source: highwater.SourceProbe, Interval: time.Second, Planned: 30 * time.Second, Thinned: 1, Sites: []highwater.SiteSeries{{Site: site}, {Site: near}}}
	for i := range 31 {
		s.Points = append(s.Points, highwater.SoakPoint{At: int64(i) * 1e9, Op: int64(i) * 10, Heap: int64(1e6 + i*1e4), Stacks: 65536, RSS: 9e6, Runtime: 8e6, Goroutines: 4 + i, Threads: 6, FDs: map[string]int{"file": 3, "socket": i}})
		s.Sites[0].Bytes = append(s.Sites[0].Bytes, int64(i*1e4))
		s.Sites[1].Bytes = append(s.Sites[1].Bytes, int64(i*30))
	}
	in.Report.Run.Measurements = []highwater.Measurement{{Scenario: id, Pass: highwater.PassSoak, Outcome: highwater.Outcome{Status: highwater.StatusOK}, Soak: s}}
	row := &in.Report.Rows[0]
	*row = highwater.Row{Scenario: row.Scenario, Verdict: highwater.VerdictFail, Soak: &highwater.SoakResult{
		Course: highwater.CourseGrowing, Of: highwater.QuantityLive, Initial: 1e6, Final: 13e5, Elapsed: 30 * time.Second, Checkpoints: 31, PerHour: highwater.Rate{Center: 36e6, Low: 35e6, High: 37e6},
		Suspects: []highwater.Suspect{
			{Kind: "site", Site: &site, Name: "cache.go:7", Before: 0, After: 300_000, PerHour: 36e6, Tau: 1, Share: 0.98, Status: "new", Fingerprint: site.Fingerprint},
			{Kind: "site", Site: &near, Before: 0, After: 900, PerHour: 108e3, Tau: 1, Share: 0.02, Fingerprint: site.Fingerprint},
		},
	}}
	in.Report.Baseline = nil
	return in
}

// A suspect has its line, its slope, its stack, its fingerprint and how it grew.
func TestSuspects(t *testing.T) {
	d := dataOf(t, render(t, soak()))
	frames := d["frames"].([]any)
	s := d["scenarios"].([]any)[0].(map[string]any)
	told := s["soak"].(map[string]any)
	if h := told["headline"].(string); !strings.Contains(h, "keeps growing by 36.0 MB/h") || !strings.Contains(h, "store.(*Cache).keep cache.go:7, 98 % of it, and 1 more suspect") {
		t.Errorf("it says %q", h)
	}
	x := told["suspects"].([]any)[0].(map[string]any)
	for key, want := range map[string]string{"kind": "memory", "before": "0 B", "after": "300 KB", "perHour": "+36.0 MB/h", "share": "98 %", "tau": "1.00", "fingerprint": "0a1b2c3d4e5f", "status": "new"} {
		if x[key] != want {
			t.Errorf("%s is %v, want %s", key, x[key], want)
		}
	}
	if where := frames[int(x["where"].(float64))]; where != "store.(*Cache).keep (cache.go:7)" {
		t.Errorf("it is at %v", where)
	}
	stack := x["stack"].([]any)
	if len(stack) != 2 || frames[int(stack[1].(float64))] != "main.main (main.go:3)" {
		t.Errorf("the stack is %v", stack)
	}
	// Another line of the same function has the same fingerprint, and a course of its own.
	other := told["suspects"].([]any)[1].(map[string]any)
	if grown := unpack(t, other["course"].(map[string]any)["lines"].([]any)[0].(map[string]any)["v"]); other["fingerprint"] != x["fingerprint"] || grown[30] != 900 {
		t.Errorf("the other line grew as %v", grown)
	}
	grown := unpack(t, x["course"].(map[string]any)["lines"].([]any)[0].(map[string]any)["v"])
	if len(grown) != 31 || grown[0] != 0 || grown[30] != 300_000 || math.Abs(grown[15]-150_000) > 100 {
		t.Errorf("it grew as %v", grown)
	}
	if n := len(s["courses"].([]any)); n != 2 {
		t.Errorf("%d timelines, want memory and what else it holds", n)
	}
}

// In a process in which nothing is forced, live memory is known after its own collections,
// and drawn there alone.
func TestOwnCollections(t *testing.T) {
	in := soak()
	ps := in.Report.Run.Measurements[0].Soak.Points
	for i := range ps {
		ps[i].Cycle = int64(1 + i/3)
	}
	d := dataOf(t, render(t, in))
	lines := d["scenarios"].([]any)[0].(map[string]any)["courses"].([]any)[0].(map[string]any)["lines"].([]any)
	last := lines[len(lines)-1].(map[string]any)
	at := unpack(t, last["x"])
	if len(lines) != 3 || len(at) != 11 || at[0] != 0 || math.Abs(at[1]-3) > 0.01 || at[10] != 30 {
		t.Errorf("%d lines, the last of them at %v", len(lines), at)
	}
}
