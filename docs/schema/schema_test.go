package schema

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/platforms"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/trend"
)

var update = flag.Bool("update", false, "rewrite the published schemas")

var (
	root      = filepath.Join("..", "..")
	runs      = filepath.Join(root, "internal", "store", "testdata", "run-1.json")
	documents = []string{
		filepath.Join(root, "internal", "report", "testdata", "baseline.json"),
		filepath.Join(root, "internal", "report", "testdata", "errors.json"),
		filepath.Join(root, "internal", "report", "testdata", "soak-interrupted.json"),
	}
)

// The schemas say what the Go types say.
func TestSchemasArePublished(t *testing.T) {
	s := parse(t, root, filepath.Join(root, "internal", "report"))
	// Some names stand for other types there.
	a := parse(t, root).under(parse(t, filepath.Join(root, "internal", "advise")))
	b := parse(t, root).under(parse(t, filepath.Join(root, "internal", "bisect")))
	p := parse(t, root).under(parse(t, filepath.Join(root, "internal", "platforms")))
	for file, schema := range map[string]*jsonschema.Schema{
		"run-1.json":    generate[highwater.Run](t, s, enumerated, "run-1.json", "highwater Run file"),
		"report-1.json": generate[report.Document](t, s, enumerated, "report-1.json", "highwater report"),
		"trend-1.json":  generate[report.TrendDocument](t, s, trending, "trend-1.json", "highwater trend"),
		"advice-1.json": generate[advise.Document](t, a, advised, "advice-1.json", "highwater debug optimize"),
		"bisect-1.json": generate[bisect.Document](t, b, searched, "bisect-1.json", "highwater bisect"),
		"sheet-1.json":  generate[platforms.Sheet](t, p, abreast, "sheet-1.json", "highwater compare --by"),
	} {
		data, err := json.MarshalIndent(schema, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, '\n')
		if *update {
			write(t, file, data)
		}
		have, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%v; make it with go test ./docs/schema -update", err)
		}
		if diff := cmp.Diff(string(have), string(data)); diff != "" {
			t.Errorf("%s is not what the types say (-published +types); go test ./docs/schema -update:\n%s", file, diff)
		}
		for _, name := range sorted(schema.Defs) {
			for _, key := range sorted(schema.Defs[name].Properties) {
				if p := schema.Defs[name].Properties[key]; p.Ref == "" && p.Type == "" {
					t.Errorf("%s: %s.%s has no type", file, name, key)
				}
			}
		}
	}
}

// resolved reads the published file, as a third party would.
func resolved(t *testing.T, data []byte) *jsonschema.Resolved {
	t.Helper()
	var s jsonschema.Schema
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func instance(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFilesAreValid(t *testing.T) {
	if err := resolved(t, Run).Validate(instance(t, read(t, runs))); err != nil {
		t.Errorf("%s: %v", runs, err)
	}
	for _, path := range documents {
		if err := resolved(t, Report).Validate(instance(t, read(t, path))); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// The advice of debug optimize is valid, and the run in it is read as one.
func TestAdviceIsValid(t *testing.T) {
	run, err := store.ReadRun(runs)
	if err != nil {
		t.Fatal(err)
	}
	d := advise.Document{Schema: advise.DocumentSchema, Run: run, Base: "main"}
	for _, s := range run.Scenarios {
		d.Subjects = append(d.Subjects, advise.Of(s.ID(), "measured", advise.Evidence{Measurements: run.Of(s.ID())}))
	}
	d.Subjects[0].Frontier = &highwater.Frontier{Points: []highwater.FrontierPoint{{Repeats: 1}}}
	d.Subjects[0].Advice = append(d.Subjects[0].Advice, advise.Advice{Kind: advise.KindReuse, Severity: advise.Major, Evidence: []string{}, Lines: []highwater.Frame{{Line: 1}}, Per: advise.PerOp})
	d.Verified = advise.Verify(run.Scenarios[0].ID(), d.Subjects[0].Advice, run.Measurements, run.Measurements)
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := resolved(t, Advice).Validate(instance(t, string(text))); err != nil {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "advice.json")
	write(t, file, text)
	if _, err := store.ReadRun(file); err != nil {
		t.Error(err)
	}
	for old, new := range map[string]string{`"kind":"reuse"`: `"kind":"guess"`, `"saving":"`: `"saving":"un`, `"subjects"`: `"things"`} {
		changed := strings.Replace(string(text), old, new, 1)
		if changed == string(text) {
			t.Fatalf("there is no %s", old)
		}
		if err := resolved(t, Advice).Validate(instance(t, changed)); err == nil {
			t.Errorf("valid with %s", new)
		}
	}
}

// A report in JSON is a baseline too.
func TestDocumentsAreReadAsRuns(t *testing.T) {
	for _, path := range documents {
		if _, err := store.ReadRun(path); err != nil {
			t.Error(err)
		}
	}
}

func TestSchemasRefuse(t *testing.T) {
	for _, c := range []struct {
		schema         []byte
		path, old, new string
	}{
		{Run, runs, `"schema": 1`, `"schema": 2`},
		{Run, runs, `"pass": "exact"`, `"pass": "guess"`},
		{Run, runs, `"status": "ok"`, `"status": "fine"`},
		{Run, runs, `"duration_ns": 900000000`, `"duration_ns": "900ms"`},
		{Run, runs, `"duration_ns": 900000000`, `"duration_ns": 0.9`},
		{Run, runs, `"sessions": 10`, `"sessions": 0`},
		{Run, runs, `"collector": "nothing`, `"guess": "nothing`},
		{Run, runs, `"rss_bytes": 100`, `"rss_bytes": "100"`},
		{Run, runs, `"scenarios": [`, `"scenarios": null, "x": [`},
		{Run, runs, `"environment"`, `"umwelt"`},
		{Report, documents[0], `"verdict": "fail"`, `"verdict": "bad"`},
		{Report, documents[0], `"severity": "critical"`, `"severity": "grave"`},
		{Report, documents[0], `"label": "live growth"`, `"label": "growth"`},
		{Report, documents[0], `"threshold": "10%|65536"`, `"threshold": 0.1`},
		{Report, documents[0], `"threshold": "10%|65536"`, `"threshold": "ten"`},
		{Report, documents[0], `"report"`, `"judgement"`},
	} {
		text := read(t, c.path)
		changed := strings.Replace(text, c.old, c.new, 1)
		if changed == text {
			t.Errorf("%s holds no %s", c.path, c.old)
			continue
		}
		if err := resolved(t, c.schema).Validate(instance(t, changed)); err == nil {
			t.Errorf("valid with %s", c.new)
		}
	}
	// What later versions add is no reason to refuse.
	text := strings.Replace(read(t, runs), `"schema": 1`, `"schema": 1, "weather": "fine"`, 1)
	if err := resolved(t, Run).Validate(instance(t, text)); err != nil {
		t.Error(err)
	}
}

// What trend writes is as its schema says.
func TestTrends(t *testing.T) {
	var points []highwater.Point
	limit := 2e6
	for i := range 40 {
		y := 1e6 + 2e4*float64(i)
		if i == 20 {
			y *= 2
		}
		points = append(points, highwater.Point{Run: "r", Commit: "c", At: time.Unix(int64(i)*86400, 0).UTC(), Center: y, Low: y, High: y, Limit: &limit})
	}
	stepped := slices.Clone(points)
	for i := range stepped {
		stepped[i].Center = 1e6 + float64(i/20)*1e6
	}
	var all report.Trends
	for _, p := range [][]highwater.Point{points, stepped, points[:2], nil} {
		s := highwater.Series{Key: highwater.SeriesKey{Scenario: "a/b", Metric: "peak", Environment: "linux/amd64"}, Points: p}
		all.Series = append(all.Series, s)
		all.Trends = append(all.Trends, trend.Of(s, trend.For(s.Key)))
	}
	var b bytes.Buffer
	if err := all.JSON(&b); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"drift"`, `"changes"`, `"anomalies"`, `"crosses"`} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("the example has no %s", part)
		}
	}
	r := resolved(t, Trend)
	if err := r.Validate(instance(t, b.String())); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{`{"schema": 2, "trends": []}`, `{"schema": 1}`, `{"schema": 1, "trends": [{"verdict": "fine"}]}`} {
		if r.Validate(instance(t, bad)) == nil {
			t.Errorf("the schema accepts %s", bad)
		}
	}
}

// The answers of bisect are valid, the shortest one and one with everything.
func TestBisectIsValid(t *testing.T) {
	c := bisect.Commit{Hash: "0123456789abcdef", Author: "n", Subject: "a buffer", Merge: true}
	difference := bisect.Difference{Scenario: "m/BenchmarkInsert", Metric: highwater.Peak, Before: 1, After: 2, Change: 1}
	for _, d := range []bisect.Document{
		{Schema: bisect.DocumentSchema, Verdict: bisect.VerdictNothing},
		{
			Schema: bisect.DocumentSchema, Verdict: bisect.VerdictRange, Unit: highwater.UnitBytes, Threshold: highwater.Threshold{Relative: 0.02},
			First: &c, Before: &c, Between: []bisect.Commit{c}, Ends: []bisect.Difference{difference}, Change: &difference,
			Findings: []highwater.Finding{{Scenario: "m/BenchmarkInsert", Check: "baseline", Verdict: highwater.VerdictFail}},
			Steps:    []bisect.Measured{{Commit: c.Hash, Values: []float64{1}, Good: []float64{1}}},
			Skipped:  []bisect.Skipped{{Commit: c.Hash, Reason: "building the tests failed"}},
			Notes:    []string{"a note"}, Next: []string{"a command"}, Took: 1,
		},
	} {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if err := resolved(t, Bisect).Validate(instance(t, string(text))); err != nil {
			t.Error(err)
		}
	}
}

// What compare --by writes is valid: with a difference, a scenario that goes its own way,
// one that a side lacks, and no typical ratio for the first column.
func TestSheetIsValid(t *testing.T) {
	var sources []platforms.Source
	for i, arch := range []string{"amd64", "386"} {
		run := &highwater.Run{Schema: highwater.Schema, ID: arch, Environment: highwater.Environment{Go: "go1.26.8", GOOS: "linux", GOARCH: arch}}
		for j := range 6 {
			info := highwater.ScenarioInfo{Suite: "s", Name: string(rune('a' + j)), Sessions: 1, Ops: 100}
			run.Scenarios = append(run.Scenarios, info)
			peak := 1e6 - 3e5*float64(i)
			if j == 5 {
				peak = 1e6 + 5e5*float64(i)
			}
			for k := range 5 {
				if i == 1 && j == 4 {
					continue
				}
				run.Measurements = append(run.Measurements, highwater.Measurement{
					Scenario: info.ID(), Pass: highwater.PassExact, Repeat: k, Outcome: highwater.Outcome{Status: highwater.StatusOK},
					Values: map[string]float64{highwater.Peak: peak + float64(10*k)},
				})
			}
		}
		sources = append(sources, platforms.Source{Name: arch + ".json", Run: run})
	}
	keys, err := platforms.ParseBy("goarch")
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := platforms.Analyse(sources, platforms.Options{By: keys})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := sheet.JSON(&b); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"differently"`, `"typical"`, `null`, `"missing"`, `"difference"`} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("the example has no %s", part)
		}
	}
	r := resolved(t, Sheet)
	if err := r.Validate(instance(t, b.String())); err != nil {
		t.Error(err)
	}
	changed := strings.Replace(b.String(), `"state": "measured"`, `"state": "guessed"`, 1)
	if r.Validate(instance(t, changed)) == nil {
		t.Error("valid with a state that there is not")
	}
}
