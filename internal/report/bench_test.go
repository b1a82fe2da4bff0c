package report

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"golang.org/x/perf/benchfmt"
)

func TestBenchGolden(t *testing.T) {
	for _, sample := range []string{"engines", "errors", "hostile"} {
		golden(t, sample+".bench", render(t, Bench{}, samples()[sample]))
	}
}

// lines reads what Bench wrote with the reader that benchstat uses.
func lines(t *testing.T, text string) ([]*benchfmt.Result, benchfmt.UnitMetadataMap) {
	t.Helper()
	reader := benchfmt.NewReader(strings.NewReader(text), "bench")
	var results []*benchfmt.Result
	for reader.Scan() {
		switch r := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			t.Errorf("%v in\n%s", r, text)
		case *benchfmt.Result:
			results = append(results, r.Clone())
		}
	}
	if err := reader.Err(); err != nil {
		t.Fatal(err)
	}
	return results, reader.Units()
}

func TestBenchReadsBack(t *testing.T) {
	r := sampleEngines()
	results, units := lines(t, render(t, Bench{}, r))
	if len(results) != len(r.Run.Measurements) {
		t.Fatalf("%d lines for %d measurements", len(results), len(r.Run.Measurements))
	}
	for i, m := range r.Run.Measurements {
		got := results[i]
		s, _ := r.Run.Scenario(m.Scenario)
		if want := "Terminal_operations/" + s.Name + "/" + s.Variant; got.Name.String() != want || got.Iters != 1 {
			t.Errorf("line %d is %s with %d iterations, want %s", i, got.Name, got.Iters, want)
		}
		want := map[string]float64{}
		for metric, v := range m.Values {
			if known, ok := highwater.MetricByName(metric); ok && known.Pass == m.Pass {
				want[benchUnit(known)] = v
			}
		}
		have := map[string]float64{}
		for _, v := range got.Values {
			have[v.Unit] = v.Value
		}
		if !maps.Equal(want, have) {
			t.Errorf("line %d has %v, want %v", i, have, want)
		}
		for key, want := range map[string]string{"goos": "linux", "goarch": "amd64", "pkg": "example.com/app", "cpu": "Example CPU @ 2.00GHz"} {
			if got.GetConfig(key) != want {
				t.Errorf("line %d: %s is %q", i, key, got.GetConfig(key))
			}
		}
	}
	if units.GetBetter("peak-B/session") != -1 || units.GetBetter("efficiency-ratio") != 1 {
		t.Error("it is not said which direction is better")
	}
}

// A figure of the wrong kind of process, or of one that crashed, is none.
func TestBenchLeavesOut(t *testing.T) {
	r := samplePass()
	r.Run.Measurements[0].Values[highwater.Peak] = 6660666
	r.Run.Measurements[1].Outcome.Status = highwater.StatusPanicked
	out := render(t, Bench{}, r)
	if strings.Contains(out, "6660666") {
		t.Error("a peak of the natural pass")
	}
	results, _ := lines(t, out)
	if len(results) != len(r.Run.Measurements)-1 {
		t.Error("a measurement of a process that crashed")
	}
	if err := (Bench{}).Render(&strings.Builder{}, &highwater.Report{}); err == nil {
		t.Error("a report without a run was rendered")
	}
}

func TestBenchNames(t *testing.T) {
	info := func(suite, name, variant string) highwater.ScenarioInfo {
		return highwater.ScenarioInfo{Suite: suite, Name: name, Variant: variant}
	}
	all := []highwater.ScenarioInfo{
		info("terminal_operations", "scrollback", "midterm"), info("", "BenchmarkFoo/size-80", ""), info("", "two words", ""), info("", "two_words", ""),
		info("über", "a\n1 2 B/op", ""), info("", "x\xff", "\x1b[2J"), info("", "-8", ""),
	}
	want := []string{"BenchmarkTerminal_operations/scrollback/midterm", "BenchmarkFoo/size_80", "BenchmarkTwo_words", "BenchmarkTwo_words#01", "BenchmarkÜber/a_1_2_B/op", "BenchmarkX_/_[2J", "Benchmark_8"}
	names := benchNames(all)
	for i, s := range all {
		if names[s.ID()] != want[i] {
			t.Errorf("%q is called %q, want %q", s.ID(), names[s.ID()], want[i])
		}
	}
}

// The tool itself, on two runs of which the second holds twice as much.
func TestBenchstat(t *testing.T) {
	if testing.Short() {
		t.Skip("builds benchstat")
	}
	dir := t.TempDir()
	tool := filepath.Join(dir, "benchstat.exe")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", tool, "golang.org/x/perf/cmd/benchstat").CombinedOutput(); err != nil {
		t.Fatalf("building benchstat: %v\n%s", err, out)
	}
	var files []string
	for i, scale := range []float64{1, 2} {
		r := newReport()
		for repeat := range 6 {
			measured(r, terminal("scrollback", "midterm"), scale*(100_000+float64(repeat)))
		}
		r.Run.Scenarios = r.Run.Scenarios[:1]
		files = append(files, filepath.Join(dir, []string{"old.bench", "new.bench"}[i]))
		if err := os.WriteFile(files[i], []byte(render(t, Bench{}, r)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), tool, files...)
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("benchstat: %v\n%s", err, text)
	}
	for _, want := range []string{"pkg: example.com/app", "cpu: Example CPU @ 2.00GHz", "peak-B/session", "Terminal_operations/scrollback/midterm", "+100.00%", "footprint-B", "allocs/op", "gc_pressure-ratio"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("benchstat does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "missing") || strings.Contains(string(text), "parsing") {
		t.Errorf("benchstat complains:\n%s", text)
	}
	t.Logf("%s", text)
}

func TestChoose(t *testing.T) {
	for name, want := range map[string]highwater.Reporter{"text": Text{Width: 80, Color: true, Verbose: true}, "json": JSON{}, "markdown": Markdown{}, "html": HTML{}, "bench": Bench{}} {
		if got, err := ByName(name, Options{Width: 80, Color: true, Verbose: true}); err != nil || got != want {
			t.Errorf("ByName(%s) = %v, %v", name, got, err)
		}
		if !slices.Contains(Names(), name) {
			t.Errorf("%s is not in %v", name, Names())
		}
	}
	for path, want := range map[string]highwater.Reporter{"a.txt": Text{Verbose: true}, "b/a.JSON": JSON{}, "a.md": Markdown{}, "a.html": HTML{}, "a.b.bench": Bench{}} {
		if got, err := ForFile(path, Options{Width: 80, Color: true, Verbose: true}); err != nil || got != want {
			t.Errorf("ForFile(%s) = %v, %v", path, got, err)
		}
	}
	for name, want := range map[string]string{"yaml": "unknown format", "": "unknown format"} {
		if _, err := ByName(name, Options{}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "text, json, markdown, html, bench") {
			t.Errorf("ByName(%q) = %v", name, err)
		}
	}
	for path, want := range map[string]string{"a": `extension ""`, "a.yml": `extension ".yml"`} {
		if _, err := ForFile(path, Options{}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), ".bench, .html, .json, .md, .sarif, .txt, .xml") || !strings.HasPrefix(err.Error(), path) {
			t.Errorf("ForFile(%q) = %v", path, err)
		}
	}
}
