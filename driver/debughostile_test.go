package driver

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/anatomy"
	"github.com/highwater-dev/highwater/internal/live"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/stability"
	"github.com/highwater-dev/highwater/internal/store"
)

// told renders all that is told of what was seen, and checks what must hold of it.
func told(t *testing.T, v live.View) {
	t.Helper()
	a := anatomy.Analyse(v, anatomy.Options{})
	all := anatomy.Hotspots(v, anatomy.Options{})
	sum := int64(0)
	for _, h := range all {
		sum += h.Bytes
	}
	if sum != a.Profiled {
		t.Errorf("lines hold %d, and the profile %d", sum, a.Profiled)
	}
	for _, paper := range []report.Paper{report.AnatomyPaper(a, 5), report.HotspotPaper(a, all, anatomy.ByRate(all), 5)} {
		for _, format := range report.PaperFormats {
			var b strings.Builder
			if err := paper.Write(&b, format); err != nil {
				t.Fatal(err)
			}
			harmlessText(t, b.String())
		}
	}
	if err := report.Indented(&strings.Builder{}, a); err != nil {
		t.Errorf("as JSON: %v", err)
	}
}

func harmlessText(t *testing.T, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
		t.Errorf("a control character at %q", text[max(i-20, 0):min(i+20, len(text))])
	}
}

// runWithAll is a run with all that debug reads: a snapshot, figures and sites of processes,
// and a soak with who holds what grows.
func runWithAll() *highwater.Run {
	info := highwater.ScenarioInfo{Suite: "s", Name: "a", Sessions: 1, Ops: 1}
	at := highwater.Frame{Func: "main.keep", File: "/src/main.go", Line: 7}
	site := highwater.Site{Where: at, Stack: []highwater.Frame{at}, Bytes: 4096, Objects: 4, Fingerprint: "0123456789ab"}
	soak := &highwater.Soak{
		Source: highwater.SourceMemory, Interval: time.Second, Rate: 4096, Thinned: 1,
		Held: &highwater.Held{Stopped: time.Millisecond, Holders: []highwater.Holder{{
			Kind: highwater.HolderGlobal, Root: "main.kept", Bytes: 4096, Objects: 4, Path: []highwater.HolderStep{{Field: "[]", Type: "[]uint8", Size: 1024}},
		}}},
	}
	series := highwater.SiteSeries{Site: site}
	for i := range int64(30) {
		soak.Points = append(soak.Points, highwater.SoakPoint{At: i * 1e9, Heap: 1e6 + i*1e5, Cycle: 1 + i/2, RSS: 9e6, Runtime: 8e6})
		series.Bytes = append(series.Bytes, i*1e5)
	}
	soak.Sites = []highwater.SiteSeries{series}
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	return &highwater.Run{
		Schema: 1, ID: "20261201-000000-abcdef", Created: now, Scenarios: []highwater.ScenarioInfo{info},
		Measurements: []highwater.Measurement{
			{Scenario: info.ID(), Pass: highwater.PassSoak, Started: now, Soak: soak, Outcome: highwater.Outcome{Status: highwater.StatusOK}},
			{Scenario: info.ID(), Pass: highwater.PassExact, Started: now, Sites: []highwater.Site{site}, Outcome: highwater.Outcome{Status: highwater.StatusOK}, PeakParts: &highwater.PeakParts{Heap: 4096, Rate: 1}},
		},
	}
}

func FuzzDebugRun(f *testing.F) {
	run := runWithAll()
	text, err := json.Marshal(run)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add([]byte(`{"schema":1,"id":"a","environment":{},"scenarios":null,"measurements":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "run.json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		run, err := store.ReadRun(path)
		if err != nil {
			return
		}
		if all := snapshotsOf(run); len(all) > 0 {
			told(t, pastOf(all...))
		}
		for _, i := range run.Scenarios {
			if s, err := ofMeasurements(i.ID(), run.Of(i.ID())); err == nil {
				told(t, pastOf(s))
			}
		}
		r := stability.Judge(run, stability.Policy{GrowthPercent: 10, Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)})
		reporter := report.Text{}
		var b strings.Builder
		if err := reporter.Render(&b, r); err != nil {
			t.Fatal(err)
		}
		harmlessText(t, b.String())
	})
}

// The seed of the fuzz target is a run that is read.
func TestRunWithAll(t *testing.T) {
	text, err := json.Marshal(runWithAll())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "run.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	run, err := store.ReadRun(path)
	if err != nil {
		t.Fatal(err)
	}
	r := stability.Judge(run, stability.Policy{})
	var b strings.Builder
	if err := (report.Text{}).Render(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"main.kept", "the process stood still for 1.00 ms", "15 came after a new collection"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
