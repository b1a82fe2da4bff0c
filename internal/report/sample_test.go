package report

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// samples are reports of every kind that a gate can give, with made-up figures.
func samples() map[string]*highwater.Report {
	return map[string]*highwater.Report{
		"pass": samplePass(), "baseline": sampleBaseline(), "engines": sampleEngines(), "errors": sampleErrors(), "hostile": sampleHostile(), "command": sampleCommand(),
		"empty": {Run: &highwater.Run{Schema: 1, ID: "none"}, RunID: "none", Verdict: highwater.VerdictError, Exit: highwater.ExitError, Findings: []highwater.Finding{
			{Check: "presence", Verdict: highwater.VerdictError, Reason: "the run has no scenarios, so there is nothing to judge", Hint: "name what to measure with --scenario"},
		}},
	}
}

// everySample are those of gates and those of soaks.
func everySample() map[string]*highwater.Report {
	all := samples()
	maps.Copy(all, soakSamples())
	return all
}

var began = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func sampleEnvironment() highwater.Environment {
	return highwater.Environment{
		Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", GOGC: "100", GOMEMLIMIT: "off", GOMAXPROCS: 2, Probe: 1,
		Kernel: "6.8.0", CPU: "Example CPU @ 2.00GHz", CPUs: 2, MemoryBytes: 8 << 30, Module: "example.com/app", Revision: "0123abcdef", Branch: "main",
	}
}

func siteAt(fn, file string, line int, bytes int64, share float64) highwater.Site {
	return highwater.Site{
		Bytes: bytes, Objects: bytes / 64, Share: share, Fingerprint: fmt.Sprintf("%012x", line),
		Where: highwater.Frame{Func: fn, File: file, Line: line},
	}
}

var (
	insertLine = siteAt("github.com/vito/midterm.(*Screen).insertLine", "/mod/midterm/screen.go", 88, 71_000, 0.61)
	newParser  = siteAt("github.com/charmbracelet/x/ansi.NewParser", "/mod/x/ansi/parser.go", 45, 4<<20, 0.38)
	scrollUp   = siteAt("github.com/charmbracelet/x/vt.(*Scrollback).PushN", "/mod/x/vt/scrollback.go", 112, 6_600_000, 0.59)
)

// measured adds a scenario with these figures to the report and to its run.
func measured(r *highwater.Report, s highwater.ScenarioInfo, peak float64, sites ...highwater.Site) *highwater.Row {
	s.Sessions, s.Ops = max(s.Sessions, 1), max(s.Ops, 100)
	values := map[highwater.Pass]map[string]float64{
		highwater.PassNatural: {
			highwater.AllocBytes: peak / 3, highwater.Allocs: peak / 170, highwater.Footprint: 13.1e6 + peak*4,
			highwater.Efficiency: 0.41, highwater.Threads: 1,
		},
		highwater.PassCollector: {highwater.GCPressure: 0.214},
		highwater.PassExact: {
			highwater.Peak: peak, highwater.Sustained: peak * 0.94, highwater.Retained: 1200, highwater.Fragmentation: 0.08,
			highwater.Growth: 3.5, highwater.Goroutines: 0, highwater.FDs: 0, highwater.Children: 0,
		},
	}
	row := highwater.Row{
		Scenario: s, Verdict: highwater.VerdictPass, Summaries: map[string]highwater.Summary{}, Sites: sites, Seconds: 2.4,
		Limits: highwater.StandardLimits(), Profile: "/home/me/.local/state/highwater/runs/r1/profiles/" + s.Name + ".pb.gz",
		PeakParts: &highwater.PeakParts{Heap: int64(peak) - 8192, Stacks: 8192, Where: "filled", Op: 50, Profiled: int64(peak) - 9000, Rate: 4096, Baseline: 402_000},
		Footprint: &highwater.FootprintParts{
			RSS: 13_800_000, LiveHeap: 900_000, DeadHeap: 1_400_000, Fragmentation: 120_000, Stacks: 98_304, Metadata: 3_100_000, Free: 2_200_000, OffHeap: 5_981_696,
		},
	}
	for pass, vs := range values {
		for metric, v := range vs {
			row.Summaries[metric] = highwater.Summary{Metric: metric, Center: v, Low: v, High: v, N: 1, Samples: []float64{v}}
			if pass == highwater.PassExact && v > 1000 {
				row.Summaries[metric] = highwater.Summary{Metric: metric, Center: v, Low: v * 0.99, High: v * 1.01, N: 2, Samples: []float64{v * 0.999, v * 1.001}}
			}
		}
	}
	for _, l := range row.Limits {
		if v := row.Summaries[l.Metric]; v.Center <= l.Bound {
			row.Findings = append(row.Findings, highwater.Finding{
				Scenario: s.ID(), Metric: l.Metric, Check: "limit", Verdict: highwater.VerdictPass, Observed: &v, Limit: &l, Reason: l.Metric + " is within its limit",
			})
		}
	}
	add := func(pass highwater.Pass, repeat int, scale float64) {
		vs := maps.Clone(values[pass])
		for k, v := range vs {
			if v > 1000 {
				vs[k] = v * scale
			}
		}
		m := highwater.Measurement{
			Scenario: s.ID(), Pass: pass, Repeat: repeat, Started: began, Duration: 600 * time.Millisecond,
			Outcome: highwater.Outcome{Status: highwater.StatusOK}, Values: vs,
			GC: &highwater.GCWork{Cycles: 17, Forced: 2, CPUShare: 0.043, CPUSeconds: 0.021, Busy: 0.488},
		}
		if pass == highwater.PassExact {
			m.Checkpoints = []highwater.Checkpoint{
				{Op: 50, Heap: int64(peak * 0.9), Stacks: 8192, At: 2e8}, {Name: "filled", Op: 100, Steady: true, Heap: int64(peak), Stacks: 8192, At: 4e8},
			}
			m.Profile = "profiles/" + s.Name + ".pb.gz"
		}
		r.Run.Measurements = append(r.Run.Measurements, m)
	}
	add(highwater.PassNatural, 0, 1)
	add(highwater.PassCollector, 0, 1)
	add(highwater.PassExact, 0, 0.999)
	add(highwater.PassExact, 1, 1.001)
	r.Run.Scenarios = append(r.Run.Scenarios, s)
	r.Rows = append(r.Rows, row)
	r.Seconds += row.Seconds
	return &r.Rows[len(r.Rows)-1]
}

func newReport() *highwater.Report {
	finished := began.Add(20 * time.Second)
	run := &highwater.Run{Schema: 1, ID: "20260304-050607-0a1b2c", Tool: "v0.1.0", Created: began, Finished: &finished, Environment: sampleEnvironment()}
	return &highwater.Report{
		Run: run, RunID: run.ID, RunFile: "/home/me/.local/state/highwater/runs/20260304-050607-0a1b2c/run.json",
		Verdict: highwater.VerdictPass, Env: run.Environment,
	}
}

var terminalNames = []string{"buffer_fill", "ansi_processing", "cursor_operations", "render_frames", "scrollback", "resize_storm", "unicode_wide", "alternate_screen"}

func terminal(name, variant string) highwater.ScenarioInfo {
	return highwater.ScenarioInfo{Suite: "terminal_operations", Name: name, Variant: variant, Doc: "does " + name, Sessions: 3, Ops: 100}
}

func samplePass() *highwater.Report {
	r := newReport()
	for i, n := range terminalNames {
		row := measured(r, terminal(n, "midterm"), 117_000+float64(i)*61_000, insertLine, siteAt("github.com/vito/midterm.newLine", "/mod/midterm/line.go", 12, 30_000, 0.2))
		if n == "resize_storm" {
			row.Limits[0] = highwater.Limit{Metric: highwater.Peak, Bound: 5e6, Reason: "keeps the largest of the screens that it is resized to"}
			row.Scenario.Omit = map[highwater.Pass]string{highwater.PassCollector: "too little is allocated for the collector to run"}
			delete(row.Summaries, highwater.GCPressure)
		}
	}
	return r
}

// fail makes the row fail with that finding.
func fail(r *highwater.Report, row *highwater.Row, f highwater.Finding) {
	f.Scenario = row.Scenario.ID()
	row.Findings = append(row.Findings, f)
	row.Verdict = highwater.Worse(row.Verdict, f.Verdict)
	r.Verdict = highwater.Worse(r.Verdict, f.Verdict)
	switch {
	case f.Verdict == highwater.VerdictFail:
		r.Exit = highwater.ExitFail
	case r.Exit == 0 && isProblem(f.Verdict) && f.Verdict != highwater.VerdictWarn:
		r.Exit = highwater.ExitError
	}
}

func sampleBaseline() *highwater.Report {
	r := newReport()
	r.BaseName = "main"
	base := newReport()
	r.Baseline = base.Run
	change := func(row *highwater.Row, v highwater.Verdict, ratio float64) highwater.Finding {
		s := row.Summaries[highwater.Peak]
		ref := s
		ref.Center /= 1 + ratio
		return highwater.Finding{
			Metric: highwater.Peak, Check: "baseline", Verdict: v, Observed: &s, Reference: &ref, Change: ratio, ChangeLow: ratio - 0.01, ChangeHigh: ratio + 0.01,
			Threshold: &highwater.Threshold{Relative: 0.1, Floor: 65536},
			Reason:    fmt.Sprintf("peak is %+.0f %% against the baseline; 10 %% is allowed", ratio*100),
		}
	}
	for i, n := range terminalNames[:6] {
		row := measured(r, terminal(n, "midterm"), 217_000+float64(i)*61_000, insertLine)
		switch n {
		case "scrollback":
			f := change(row, highwater.VerdictFail, 0.42)
			f.Severity, f.Label, f.Fingerprint = highwater.SeverityCritical, highwater.LabelLive, insertLine.Fingerprint
			f.Evidence = []highwater.SiteChange{
				{
					Site: insertLine, Before: 31_000, After: 121_000, Share: 0.67, Hunk: &highwater.Hunk{
						File: "screen.go", Before: 80, After: 86, In: "(*Screen).insertLine", Near: highwater.NearLine, Cut: 3,
						Lines: []string{"-\tline := make([]rune, width)", "+\tline := make([]rune, width, 4*width)", "+\tif s.keep {", "+\t\tlast = `", "+```", "+`"},
					},
					Escape: "line escapes to the heap now, because of last = line (assign, screen.go:90)",
				},
				{Site: scrollUp, After: 40_000, Share: 0.3, New: true},
				{Site: newParser, Before: 12_000, After: 8_000, Share: -0.03},
			}
			f.Hint = "lines are kept that nobody scrolls back to; see what holds them"
			f.Command = "go tool pprof -diff_base /base/scrollback.pb.gz /home/me/.local/state/highwater/runs/r1/profiles/scrollback.pb.gz"
			fail(r, row, f)
		case "ansi_processing":
			fail(r, row, change(row, highwater.VerdictWarn, 0.064))
		case "render_frames":
			f := change(row, highwater.VerdictInconclusive, 0.09)
			f.Hint = "about 6 more repeats would settle it: --repeats 8"
			fail(r, row, f)
		case "resize_storm":
			fail(r, row, highwater.Finding{Check: "baseline", Verdict: highwater.VerdictNew, Reason: "no counterpart in the baseline"})
		default:
			fail(r, row, change(row, highwater.VerdictPass, -0.004))
		}
	}
	r.Findings = append(r.Findings, highwater.Finding{
		Scenario: "terminal_operations/unicode_wide@midterm", Check: "presence", Verdict: highwater.VerdictMissing,
		Reason: "the baseline has this scenario and this run has not", Hint: "measure it, or accept that it is gone with --allow-missing",
	})
	r.Mismatches = []highwater.Mismatch{
		{Condition: "kernel", Here: "6.8.0", Baseline: "6.1.0", Metrics: []string{highwater.Footprint}},
		{Condition: "Go version", Here: "go1.26.8", Baseline: "go1.26.7"},
	}
	return r
}

func sampleEngines() *highwater.Report {
	r := newReport()
	for j, engine := range []string{"midterm", "vt10x", "xvt"} {
		for i, n := range terminalNames[:3] {
			if engine == "vt10x" && n == "ansi_processing" {
				continue
			}
			peak := 117_000 + float64(i)*61_000 + float64(j)*90_000
			if engine != "xvt" {
				measured(r, terminal(n, engine), peak, insertLine)
				continue
			}
			row := measured(r, terminal(n, engine), peak*60, scrollUp, newParser)
			for _, metric := range []string{highwater.Peak, highwater.Sustained} {
				s := row.Summaries[metric]
				m, _ := highwater.MetricByName(metric)
				l := highwater.Limit{Metric: metric, Bound: 3e6}
				f := highwater.Finding{
					Metric: metric, Check: "limit", Verdict: highwater.VerdictFail, Severity: highwater.SeverityCritical, Observed: &s, Limit: &l,
					Reason: fmt.Sprintf("%s %s a session in %s is over the limit of %s", metric, m.Format(s.Center), row.Scenario.ID(), m.Format(l.Bound)),
				}
				for k := range 7 {
					e := []highwater.Site{scrollUp, newParser}[k%2]
					f.Evidence = append(f.Evidence, highwater.SiteChange{Site: e, After: e.Bytes >> k, Share: e.Share / float64(int(1)<<k)})
				}
				fail(r, row, f)
			}
		}
	}
	return r
}

func sampleErrors() *highwater.Report {
	r := newReport()
	measured(r, highwater.ScenarioInfo{Suite: "example.com/app", Name: "Benchmark\u00c4ndern"}, 81_000)
	ends := []struct {
		name   string
		status highwater.Status
		detail string
	}{
		{"panics", highwater.StatusPanicked, "runtime error: index out of range [5] with length 3"}, {"hangs", highwater.StatusTimeout, "was ended after 10 s, which is its deadline"},
	}
	for _, e := range ends {
		info := highwater.ScenarioInfo{Suite: "example.com/app", Name: e.name, Sessions: 1, Ops: 100}
		r.Run.Scenarios = append(r.Run.Scenarios, info)
		r.Run.Measurements = append(r.Run.Measurements, highwater.Measurement{
			Scenario: info.ID(), Pass: highwater.PassNatural, Started: began, Duration: time.Second, Outcome: highwater.Outcome{
				Status: e.status, Detail: e.detail, Stderr: "starting\npanic: " + e.detail + "\n\ngoroutine 7 [running]:\nexample.com/app.run(...)\n\t/src/app/run.go:12 +0x1d\n",
			},
		})
		r.Rows = append(r.Rows, highwater.Row{Scenario: info, Verdict: highwater.VerdictPass, Limits: highwater.StandardLimits(), Seconds: 1})
		fail(r, &r.Rows[len(r.Rows)-1], highwater.Finding{
			Check: "outcome", Verdict: highwater.VerdictError, Reason: "the process of the natural pass " + e.detail, Hint: "raise --timeout, or let the scenario make fewer operations",
		})
	}
	row := measured(r, highwater.ScenarioInfo{Name: "loose"}, 44_000)
	row.Limits = nil
	row.Findings = nil
	fail(r, row, highwater.Finding{Check: "limit", Verdict: highwater.VerdictUnjudged, Reason: "there is no limit and no baseline to hold it to"})
	delete(row.Summaries, highwater.FDs)
	fail(r, row, highwater.Finding{Metric: highwater.FDs, Check: "presence", Verdict: highwater.VerdictUnsupported, Reason: "fds cannot be measured here: there is no /proc"})
	row.Verdict = highwater.VerdictUnjudged
	r.Rows[0].Notes = []string{"the profile accounts for 80 % of the live heap only"}
	r.Seconds = 123
	return r
}

// hostileText is what no renderer may let through.
const hostileText = "\x1b[2J\x1b]0;owned\x07a|b`c</details><script>alert(1)</script>\r\n\n## @octocat #1 http://evil.example www.evil.example \u202egnp.exe\u200b\u009b31m\xff\x00"

// sampleHostile has hostile text in every field that holds text.
func sampleHostile() *highwater.Report {
	r := sampleBaseline()
	poison(reflect.ValueOf(r).Elem(), 0)
	r.Run = &highwater.Run{}
	*r.Run = *sampleErrors().Run
	poison(reflect.ValueOf(r.Run).Elem(), 0)
	r.Baseline = nil
	for i := range r.Rows {
		r.Rows[i].Scenario.Name += fmt.Sprint(i)
		r.Rows[i].Notes = []string{hostileText}
		r.Rows[i].Scenario.Omit = map[highwater.Pass]string{highwater.PassNatural: hostileText}
		for k := range r.Rows[i].Findings {
			if i != 1 { // what is known stands in a section of its own
				r.Rows[i].Findings[k].Known = ""
			}
		}
		// Poisoned verdicts are unknown ones, which are the worst: keep some known.
		if i%2 == 0 {
			r.Rows[i].Verdict = highwater.VerdictPass
		}
	}
	for k := range r.Findings {
		r.Findings[k].Known = ""
	}
	r.Findings = append(r.Findings, highwater.Finding{Scenario: r.Run.Scenarios[1].ID(), Check: "outcome", Verdict: highwater.VerdictError, Reason: hostileText})
	return r
}

// poison puts hostile text into every string of a value, but for the names of
// metrics, on which tables depend.
func poison(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		if _, ok := highwater.MetricByName(v.String()); !ok && v.CanSet() && v.String() != "outcome" && v.String() != "baseline" {
			v.SetString(hostileText + strings.Repeat("x", depth))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem(), depth)
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), i)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				poison(v.Field(i), depth)
			}
		}
	}
}

// sampleMany is a report of n scenarios with every verdict in turn.
func sampleMany(n int) *highwater.Report {
	r := newReport()
	for i := range n {
		row := measured(r, highwater.ScenarioInfo{Suite: fmt.Sprintf("example.com/big/package%02d", i/25), Name: fmt.Sprintf("BenchmarkOfSomething/size=%d/kind=%s", i, strings.Repeat("k", i%40))}, float64(1000*i), insertLine)
		v := []highwater.Verdict{highwater.VerdictPass, highwater.VerdictFail, highwater.VerdictPass, highwater.VerdictError, highwater.VerdictWarn, highwater.VerdictPass}[i%6]
		if v == highwater.VerdictPass {
			continue
		}
		fail(r, row, highwater.Finding{
			Metric: highwater.Peak, Check: "limit", Verdict: v, Reason: "peak is over its limit, in one sentence that says by how much and of what", Hint: "see docs",
			Evidence: []highwater.SiteChange{{Site: insertLine, After: 71_000, Share: 0.61}, {Site: scrollUp, After: 20_000, Share: 0.2}},
		})
	}
	return r
}

// sampleCommand is of a command that was seen from outside, over its own limit.
func sampleCommand() *highwater.Report {
	r := newReport()
	s := highwater.ScenarioInfo{Suite: "command", Name: "server", Sessions: 1, Ops: 1, Outside: true}
	values := map[string]float64{highwater.Footprint: 1.7e6, highwater.TreePSS: 54.7e6, highwater.TreeFootprint: 206e6, highwater.Orphans: 0}
	row := highwater.Row{
		Scenario: s, Verdict: highwater.VerdictFail, Summaries: map[string]highwater.Summary{}, Seconds: 1.4,
		Limits: []highwater.Limit{{Metric: highwater.TreePSS, Bound: 50e6, Reason: "the container has 64 MB"}},
	}
	for metric, v := range values {
		row.Summaries[metric] = highwater.Summary{Metric: metric, Center: v, Low: v, High: v, N: 1, Samples: []float64{v}}
	}
	observed := row.Summaries[highwater.TreePSS]
	row.Findings = []highwater.Finding{{
		Scenario: s.ID(), Metric: highwater.TreePSS, Check: "limit", Verdict: highwater.VerdictFail, Severity: highwater.SeverityWarning,
		Observed: &observed, Limit: &row.Limits[0], Reason: "tree_pss 54.7 MB in command/server is over the limit of 50.0 MB",
	}}
	r.Run.Scenarios = []highwater.ScenarioInfo{s}
	r.Run.Measurements = []highwater.Measurement{{
		Scenario: s.ID(), Pass: highwater.PassNatural, Started: began, Duration: 1400 * time.Millisecond,
		Outcome: highwater.Outcome{Status: highwater.StatusOK}, Values: values,
	}}
	r.Rows, r.Seconds, r.Verdict, r.Exit = []highwater.Row{row}, row.Seconds, highwater.VerdictFail, highwater.ExitFail
	return r
}
