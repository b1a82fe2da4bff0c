package madeup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/dashboard"
)

// Note is what a page of such data says at its top.
const Note = "Made-up data: nobody measured this."

// Until is when the newest run began.
var Until = time.Date(2026, 11, 27, 2, 0, 0, 0, time.UTC)

// metrics are those that a made-up scenario has, with a usual value.
var metrics = []struct {
	name  string
	usual float64
	noise float64 // a ratio
}{
	{highwater.Peak, 1.4e6, 0.004},
	{highwater.Sustained, 1.2e6, 0.003},
	{highwater.Retained, 9e3, 0.02},
	{highwater.AllocBytes, 420e3, 0.001},
	{highwater.Allocs, 2100, 0.0005},
	{highwater.GCPressure, 0.3, 0.06},
	{highwater.Footprint, 21e6, 0.04},
	{highwater.Efficiency, 0.45, 0.08},
}

var suites = []string{"terminal_operations", "plugin_system", "load_testing", "codec", "index", "cache"}

// Many makes a run of so many scenarios, each with its baseline, and so many nights of
// history before it. Every seventh scenario has a step, every eleventh drifts, and every
// thirteenth fails.
func Many(scenarios, nights int) dashboard.Input {
	random := rand.New(rand.NewPCG(1, 2))
	env := highwater.Environment{
		Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", GOGC: "100", GOMEMLIMIT: "off", GOMAXPROCS: 2, Probe: 3, Kernel: "6.8.0",
		CPU: "Example CPU @ 2.00GHz", CPUs: 2, MemoryBytes: 8 << 30, Module: "example.com/made/up", Revision: commit(nights - 1), Branch: "main",
	}
	finished := Until.Add(20 * time.Minute)
	run := &highwater.Run{Schema: highwater.Schema, ID: runID(0), Tool: "v0", Created: Until, Finished: &finished, Environment: env}
	base := &highwater.Run{Schema: highwater.Schema, ID: "base", Tool: "v0", Created: Until.AddDate(0, 0, -30), Finished: &finished, Environment: env}
	r := &highwater.Report{Run: run, Baseline: base, RunID: run.ID, BaseName: "main", Env: env, Verdict: highwater.VerdictPass}
	in := dashboard.Input{Report: r, Made: Note}
	var nightly []highwater.Point
	for n := range nights {
		nightly = append(nightly, highwater.Point{Run: runID(n - nights + 1), Commit: commit(n), At: Until.AddDate(0, 0, n-nights+1), Go: env.Go})
	}
	for i := range scenarios {
		one := &made{random: random, report: r, number: i, nights: nights, nightly: nightly, scale: math.Exp(random.NormFloat64() * 0.35)}
		in.History = append(in.History, one.scenario()...)
	}
	return in
}

func runID(night int) string {
	return Until.AddDate(0, 0, night).Format("20060102-150405") + "-0a1b2c"
}

func commit(night int) string { return fmt.Sprintf("%08x%032x", uint32(night+7)*2654435761, night) }

// made is one scenario in the making.
type made struct {
	random *rand.Rand
	report *highwater.Report
	number int
	nights int
	// nightly are the points of a series, without values.
	nightly []highwater.Point
	scale   float64
}

func (m *made) info() highwater.ScenarioInfo {
	suite := suites[m.number%len(suites)]
	return highwater.ScenarioInfo{
		Suite: suite, Name: fmt.Sprintf("%s_%03d", []string{"fill", "replay", "resize", "merge", "scan", "encode", "evict"}[m.number/len(suites)%7], m.number/2/len(suites)),
		Variant: []string{"alpha", "beta"}[m.number/len(suites)%2], Doc: "a workload that is made up", Sessions: 1 + m.number%3, Ops: 100, Limits: highwater.StandardLimits(),
	}
}

func (m *made) scenario() []dashboard.Trended {
	info := m.info()
	row := highwater.Row{Scenario: info, Verdict: highwater.VerdictPass, Summaries: map[string]highwater.Summary{}, Limits: info.Limits, Seconds: 2 + 3*m.random.Float64()}
	var history []dashboard.Trended
	values := map[string][]float64{}
	was := map[string][]float64{}
	for _, metric := range metrics {
		level := metric.usual * m.scale
		if metric.usual < 1 {
			level = math.Min(0.95, metric.usual*math.Sqrt(m.scale))
		}
		t := m.series(info, metric.name, level, metric.noise)
		now := t.Trend.Level
		for range 5 {
			values[metric.name] = append(values[metric.name], now*(1+m.random.NormFloat64()*metric.noise))
			was[metric.name] = append(was[metric.name], level*(1+m.random.NormFloat64()*metric.noise))
		}
		row.Summaries[metric.name] = highwater.Summary{Metric: metric.name, Center: now, Low: now * (1 - metric.noise), High: now * (1 + metric.noise), N: 5, Samples: values[metric.name]}
		m.judge(&row, metric.name, now, level)
		if m.nights > 0 {
			history = append(history, t)
		}
	}
	m.measured(&row, m.report.Run, values, m.scale)
	m.measured(&row, m.report.Baseline, was, m.scale*0.9)
	m.report.Run.Scenarios = append(m.report.Run.Scenarios, info)
	m.report.Baseline.Scenarios = append(m.report.Baseline.Scenarios, info)
	m.report.Rows = append(m.report.Rows, row)
	m.report.Verdict = highwater.Worse(m.report.Verdict, row.Verdict)
	return history
}

// judge holds a figure to its limit, as a gate would.
func (m *made) judge(row *highwater.Row, metric string, now, was float64) {
	f := highwater.Finding{Scenario: row.Scenario.ID(), Metric: metric, Check: "baseline", Verdict: highwater.VerdictPass, Change: now/was - 1, Reference: &highwater.Summary{Metric: metric, Center: was, Low: was, High: was, N: 5}}
	for _, l := range row.Limits {
		if l.Metric == metric && now > l.Bound {
			f.Check, f.Verdict, f.Severity = "limit", highwater.VerdictFail, highwater.SeverityWarning
			f.Reason = fmt.Sprintf("%s is %s; the limit is %s", metric, highwater.FormatBytes(now), highwater.FormatBytes(l.Bound))
			f.Hint = "see what holds it: highwater debug memory latest"
		}
	}
	if f.Verdict == highwater.VerdictPass && metric == highwater.Peak && m.number%13 == 12 {
		f.Verdict, f.Severity, f.Label = highwater.VerdictFail, highwater.SeverityCritical, highwater.LabelLive
		f.Reason = fmt.Sprintf("peak is %+.0f %% against the baseline; 10 %% is allowed", f.Change*100)
		f.Hint = "lines are kept that nobody scrolls back to; see what holds them"
		f.Evidence = []highwater.SiteChange{{Site: site(m.number, 0, int64(now/2)), Before: int64(was / 3), After: int64(now / 2), Share: 0.7}}
	}
	row.Findings = append(row.Findings, f)
	row.Verdict = highwater.Worse(row.Verdict, f.Verdict)
}
