package report

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/anatomy"
	"github.com/highwater-dev/highwater/internal/live"
)

// A share of CPU time says what it is of: debug optimize has another whole than these.
func TestShareOfCPU(t *testing.T) {
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	var h live.History
	for i := range 2 {
		n := float64(i)
		h.Add(highwater.Snapshot{
			Source: highwater.SourceMemory, PID: 1, At: at.Add(time.Duration(i) * time.Second), Memory: highwater.Memory{Live: 1e6, Goal: 4e6},
			GC: highwater.Collector{Cycles: 10 + int64(i), GOGC: 100, GCSeconds: 1 + 0.1*n, UserSeconds: 9 + 0.9*n, IdleSeconds: 30 + 9*n, TotalSeconds: 40 + 10*n},
		})
	}
	var text strings.Builder
	if err := LookText(&text, h.View(), LookOptions{}); err != nil {
		t.Fatal(err)
	}
	if want := "1 % of all CPU time, idle included, in the last 1 s"; !strings.Contains(text.String(), want) {
		t.Errorf("nothing says %q:\n%s", want, text.String())
	}
	if lines := strings.Join(collectorLines(anatomy.Analyse(h.View(), anatomy.Options{})), "\n"); !strings.Contains(lines, "1 % of all CPU time, idle included") {
		t.Error(lines)
	}
	for all, want := range map[bool]string{false: "saves 2.0 % of the CPU time that the program uses", true: "saves 2.0 % of all CPU time, idle included"} {
		if got := (advised{Advice: advise.Advice{Known: true, SavedCPU: 0.02, CPUOfAll: all}}).saves(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A pprof endpoint tells what the heap holds, and not what of it is live: in no format is
// that 0.
func TestLookWithoutLive(t *testing.T) {
	s := highwater.Snapshot{
		Source: highwater.SourcePprof, Name: "localhost:6060", At: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC),
		Memory: highwater.Memory{Heap: 390e6, InUse: 400e6, Goal: 420e6, Stacks: 1e6, Metadata: 1e6, Free: 1e6, Total: 410e6, RSS: 430e6},
		Lacks:  map[highwater.Quantity]string{highwater.QuantityLive: "an endpoint does not tell"},
	}
	var h live.History
	h.Add(s)
	var text, line, difference strings.Builder
	if err := LookText(&text, h.View(), LookOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := DifferenceText(&difference, live.Compare(s, s), LookOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{text.String(), difference.String()} {
		if !strings.Contains(got, live.PartHeap+" ") || strings.Contains(got, "live heap") || strings.Contains(got, "new or dead") {
			t.Errorf("%s", got)
		}
	}
	if err := LookJSON(&line, h.View(), LookOptions{}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Memory map[string]any
		Parts  []highwater.Part
	}
	if err := json.Unmarshal([]byte(line.String()), &got); err != nil {
		t.Fatal(err)
	}
	if n, there := got.Memory["live_bytes"]; !there || n != nil || got.Memory["heap_bytes"] != 390e6 {
		t.Errorf("%s", line.String())
	}
	if got.Parts[0] != (highwater.Part{Name: live.PartHeap, Bytes: 390e6}) {
		t.Errorf("%+v", got.Parts)
	}
}

// What allocates without holding anything is told, too.
func TestLookTellsChurn(t *testing.T) {
	var h live.History
	for i := range int64(2) {
		at := time.Date(2026, 11, 29, 12, 0, int(10*i), 0, time.UTC)
		h.Add(highwater.Snapshot{Name: "server", At: at, SitesAt: at, Sites: []highwater.SiteUse{
			{Site: highwater.Site{Bytes: 5000, Objects: 1, Where: highwater.Frame{Func: "main.keep"}, Fingerprint: "a"}},
			{Site: highwater.Site{Where: highwater.Frame{Func: "main.waste"}, Fingerprint: "b"}, Allocated: highwater.Allocated{Bytes: 70_000_000 * i}},
			{Site: highwater.Site{Where: highwater.Frame{Func: "main.once"}, Fingerprint: "c"}, Allocated: highwater.Allocated{Bytes: 900}},
		}})
	}
	var text, line strings.Builder
	o := LookOptions{Threshold: 1000}
	if err := LookText(&text, h.View(), o); err != nil {
		t.Fatal(err)
	}
	if err := LookJSON(&line, h.View(), o); err != nil {
		t.Fatal(err)
	}
	if got := text.String(); !strings.Contains(got, "0 B live, allocates 7.00 MB/s  main.waste") || !strings.Contains(got, "main.keep") || strings.Contains(got, "main.once") {
		t.Errorf("%s", got)
	}
	if got := line.String(); !strings.Contains(got, "main.waste") || !strings.Contains(got, "main.keep") || strings.Contains(got, "main.once") {
		t.Errorf("%s", got)
	}
}

// What a block of text tells of a site, a line of JSON does; and that a process is stopped.
func TestLookTellsSites(t *testing.T) {
	var h live.History
	for i := range 3 {
		at := time.Date(2026, 11, 29, 12, 0, i, 0, time.UTC)
		n := int64(i)
		h.Add(highwater.Snapshot{
			PID: 7, At: at, SitesAt: at, AllocatedAt: at, GC: highwater.Collector{Cycles: n + 1},
			Sites: []highwater.SiteUse{{
				Site:      highwater.Site{Bytes: 1000 * (n + 1), Fingerprint: "a", Where: highwater.Frame{Func: "main.a"}},
				Allocated: highwater.Allocated{Bytes: 5000 * (n + 1)},
			}},
			Processes: []highwater.Process{{PID: 7, Command: "a"}, {PID: 8, Parent: 7, Command: "b", Stopped: i == 1}},
		})
		v := h.View()
		var text, line strings.Builder
		if err := errors.Join(LookText(&text, v, LookOptions{}), LookJSON(&line, v, LookOptions{})); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Sites []struct {
				Bytes  int64
				Change int64    `json:"live_change_bytes"`
				Rate   *float64 `json:"alloc_bytes_per_second"`
			}
		}
		if err := json.Unmarshal([]byte(line.String()), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Sites) != 1 || got.Sites[0].Bytes != 1000*(n+1) || got.Sites[0].Change != 1000*n {
			t.Fatalf("%+v\n%s", got, line.String())
		}
		if rate := got.Sites[0].Rate; (rate == nil) != (i == 0) || rate != nil && *rate != 5000 {
			t.Errorf("look %d: %v\n%s", i, rate, line.String())
		}
		if strings.Contains(text.String(), ", stopped") != (i == 1) {
			t.Error(text.String())
		}
	}
	for _, c := range []struct {
		pid   int // 0 for several that are looked at together
		own   bool
		child bool
		want  bool
	}{{7, true, false, true}, {7, false, true, false}, {0, true, false, false}, {0, true, true, true}} {
		v := h.View()
		v.Snapshot.PID = c.pid
		v.Snapshot.Processes[0].Stopped, v.Snapshot.Processes[1].Stopped = c.own, c.child
		var text strings.Builder
		if err := LookText(&text, v, LookOptions{}); err != nil || strings.Contains(text.String(), "stopped by a signal or a debugger") != c.want {
			t.Errorf("%+v: %v\n%s", c, err, text.String())
		}
	}
}

// That nothing grew is said of what was seen only.
func TestStepsNotSeen(t *testing.T) {
	begun := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	var all []highwater.Snapshot
	for i := range 5 {
		at := begun.Add(time.Duration(i) * time.Minute)
		all = append(all, highwater.Snapshot{
			At: at, SitesAt: at, GroupsAt: at, GC: highwater.Collector{Cycles: int64(i + 1)},
			Sites:  []highwater.SiteUse{{Site: highwater.Site{Bytes: 1e6, Fingerprint: "a", Where: highwater.Frame{Func: "main.a"}}}},
			Groups: []highwater.GoroutineGroup{{Count: 3, State: "select", Fingerprint: "b"}},
		})
	}
	told := func() string {
		t.Helper()
		var b strings.Builder
		if err := StepsText(&b, all, LookOptions{}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if got := told(); got != "nothing grew at every step\n" {
		t.Error(got)
	}
	for i := range all { // no collection: one profile, five times
		all[i].GC.Cycles = 1
	}
	if got := told(); !strings.Contains(got, "sites: not known, for 1 snapshot tells something new of them and it takes 4; what a program allocates is published when") ||
		!strings.Contains(got, "no groups of goroutines\n") || strings.Contains(got, "nothing grew") {
		t.Error(got)
	}
	for i := range all {
		all[i].SitesAt, all[i].GroupsAt, all[i].Groups[0].Count = time.Time{}, all[i].At, 3+i
		all[i].Lacks = map[highwater.Quantity]string{highwater.QuantitySites: "it was stripped"}
	}
	if got := told(); !strings.Contains(got, "sites: not known, for 0 snapshots tell something new of them and it takes 4; it was stripped\n") ||
		!strings.Contains(got, "goroutines   3 → 7 in 4 steps") {
		t.Error(got)
	}
	if all = all[:3]; told() != "what grew at every step cannot be told from 3 snapshots: it takes 4\n" {
		t.Error(told())
	}
}
