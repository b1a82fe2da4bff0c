package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// soakSamples are reports of every kind of soak, with series from a seeded generator
// and the judgement filled in by hand.
func soakSamples() map[string]*highwater.Report {
	return map[string]*highwater.Report{
		"soak-flat": soakFlat(), "soak-growing": soakGrowing(), "soak-settled": soakSettled(), "soak-filling": soakFilling(),
		"soak-slow": soakSlow(), "soak-process": soakProcess(), "soak-interrupted": soakInterrupted(), "soak-short": soakShort(),
		"soak-long": soakLong(), "soak-hostile": soakHostile(), "soak-mixed": soakMixed(),
	}
}

// drift is how a generated series goes on from one point to the next.
type drift struct {
	points   int
	interval time.Duration
	live     float64 // bytes at the beginning
	warm     func(at time.Duration) float64
	perHour  float64 // bytes of leak
	noise    float64 // bytes
	slower   float64 // a ratio of throughput at the end
}

// series generates a soak. The same seed gives the same.
func (d drift) series(seed uint64) *highwater.Soak {
	r := rand.New(rand.NewPCG(seed, 1))
	s := &highwater.Soak{Source: highwater.SourceProbe, Interval: d.interval, Planned: time.Duration(d.points-1) * d.interval, Thinned: 1, Rate: 4096, LeakProfile: true}
	rss, op := 28.4e6, int64(0)
	for i := range d.points {
		at := time.Duration(i) * d.interval
		live := d.live + d.perHour*at.Hours() + r.NormFloat64()*d.noise
		if d.warm != nil {
			live += d.warm(at)
		}
		rss = max(rss, live*2.1) + r.Float64()*9e3
		p := highwater.SoakPoint{
			At: int64(at), Heap: int64(live) - 98_304, Stacks: 98_304, RSS: int64(rss), Runtime: int64(rss - 6.1e6 + r.NormFloat64()*3e4),
			Goroutines: 12 + r.IntN(2), Threads: 8, FDs: map[string]int{"file": 3, "socket": 2, "pipe": 4}, Children: 1, ChildMemory: int64(4.4e6 + r.Float64()*2e5),
		}
		if i > 0 {
			speed := 1 - d.slower*float64(i)/float64(d.points)
			ops := int64((1180 + r.NormFloat64()*22) * speed * d.interval.Seconds() / 5)
			op += ops
			median := time.Duration(float64(3900+r.IntN(160)) / speed * float64(time.Microsecond))
			p.Work = &highwater.SoakWork{
				Ops: ops, Busy: time.Duration(ops) * median, CPU: d.interval / 3, P50: median, P95: median * 3 / 2, P99: median*2 + time.Duration(r.IntN(2000))*time.Microsecond, Max: median*4 + time.Duration(r.IntN(9000))*time.Microsecond,
			}
		}
		p.Op = op
		s.Points = append(s.Points, p)
	}
	return s
}

// soaking makes a report of one soak of the series, judged as given.
func soaking(name string, series *highwater.Soak, result highwater.SoakResult, findings ...highwater.Finding) *highwater.Report {
	r := newReport()
	addSoak(r, highwater.ScenarioInfo{Suite: "soak", Name: name, Variant: "midterm", Doc: "drives " + name, Sessions: 1}, series, result, findings...)
	return r
}

func addSoak(r *highwater.Report, s highwater.ScenarioInfo, series *highwater.Soak, result highwater.SoakResult, findings ...highwater.Finding) *highwater.Row {
	last := series.Points[len(series.Points)-1]
	result.Elapsed, result.Checkpoints, result.Ops = time.Duration(last.At), len(series.Points), last.Op
	if result.Of == "" {
		result.Of = highwater.QuantityLive
	}
	r.Run.Command = []string{"highwater", "stability", "--scenario", s.ID(), "--duration", "30m"}
	r.Run.Scenarios = append(r.Run.Scenarios, s)
	r.Run.Measurements = append(r.Run.Measurements, highwater.Measurement{
		Scenario: s.ID(), Pass: highwater.PassSoak, Started: began, Duration: result.Elapsed, Outcome: highwater.Outcome{Status: highwater.StatusOK}, Soak: series,
	})
	r.Rows = append(r.Rows, highwater.Row{Scenario: s, Verdict: highwater.VerdictPass, Soak: &result, Seconds: result.Elapsed.Seconds()})
	r.Seconds += result.Elapsed.Seconds()
	row := &r.Rows[len(r.Rows)-1]
	for _, f := range findings {
		fail(r, row, f)
	}
	return row
}

func rate(center, half float64) highwater.Rate {
	return highwater.Rate{Center: center, Low: center - half, High: center + half}
}

func ptr[T any](v T) *T { return &v }

func soakFlat() *highwater.Report {
	d := drift{points: 361, interval: 5 * time.Second, live: 11.2e6, noise: 14e3, warm: func(at time.Duration) float64 { return -1.6e6 * math.Exp(-at.Seconds()/40) }}
	return soaking("vim_session", d.series(1), highwater.SoakResult{
		Course: highwater.CourseFlat, Initial: 11_201_000, Final: 11_202_400, Warm: 125 * time.Second, PerHour: rate(2_900, 8_100), PerOp: ptr(rate(0.0034, 0.0096)),
		PercentPerHour: rate(0.026, 0.072), Detectable: 41_000, DetectableSite: 8_200, Limit: 64e6, Throughput: ptr(rate(-0.004, 0.011)), Latency: ptr(rate(0.003, 0.012)),
	})
}

func soakGrowing() *highwater.Report {
	d := drift{points: 361, interval: 5 * time.Second, live: 11.2e6, noise: 20e3, perHour: 4.8e6, warm: func(at time.Duration) float64 { return -1.6e6 * math.Exp(-at.Seconds()/40) }}
	series := d.series(2)
	put, hub := siteAt("example.com/app/cache.(*Store).Put", "/src/app/cache/store.go", 42, 2_190_000, 0.41), siteAt("example.com/app/hub.(*Hub).subscribe", "/src/app/hub/hub.go", 118, 340_000, 0.06)
	hub.Stack = []highwater.Frame{{Func: "example.com/app/hub.(*client).read", File: "/src/app/hub/client.go", Line: 77}}
	sites, goroutines := highwater.SiteSeries{Site: put}, highwater.GoroutineSeries{Created: hub.Where, State: "chan receive", Fingerprint: hub.Fingerprint}
	for i := range series.Points {
		sites.Bytes = append(sites.Bytes, int64(90_000+i*5_833+(i%7)*900))
		goroutines.Counts = append(goroutines.Counts, 3+i*2/3)
		series.Points[i].Goroutines += i * 2 / 3
	}
	series.Sites, series.Goroutines = []highwater.SiteSeries{sites}, []highwater.GoroutineSeries{goroutines}
	series.Blocked = []highwater.Leftover{{Kind: "goroutine", Count: 240, Detail: "chan receive in hub.(*client).read, created by hub.(*Hub).subscribe hub.go:118"}}
	series.Mappings = []highwater.Mapping{{Name: "[heap]", Before: 1_200_000, After: 1_204_096}, {Name: "/usr/lib/libc.so.6", Before: 1_800_000, After: 1_800_000}}
	series.Profiles = []string{"profiles/soak-000.pb.gz", "profiles/soak-360.pb.gz"}
	limit := 10 * time.Hour
	r := soaking("log_streaming", series, highwater.SoakResult{
		Course: highwater.CourseGrowing, Initial: 11_370_000, Final: 13_610_000, Warm: 125 * time.Second, PerHour: rate(4_801_000, 96_000), PerOp: ptr(rate(5.66, 0.11)),
		PercentPerHour: rate(42.2, 0.9), Detectable: 44_000, DetectableSite: 8_200, Limit: 64e6, ToLimit: &limit, Throughput: ptr(rate(-0.01, 0.013)), Latency: ptr(rate(0.006, 0.014)),
		Suspects: []highwater.Suspect{
			{Kind: "site", Site: &put, Name: "cache.(*Store).Put store.go:42", Before: 90_000, After: 2_190_000, PerHour: 4.2e6, PerOp: 4.95, Tau: 0.997, Share: 0.87, Status: "new", Fingerprint: put.Fingerprint},
			{Kind: "goroutines", Site: &hub, Name: "240 goroutines in chan receive, created by hub.(*Hub).subscribe", Before: 3, After: 243, PerHour: 480, Tau: 1, Status: "known", Known: "closing is to come with v2; until 2027-01-31", Fingerprint: hub.Fingerprint},
		},
	}, highwater.Finding{
		Metric: "growth", Check: "leak", Verdict: highwater.VerdictFail, Severity: highwater.SeverityCritical, Label: highwater.LabelLive,
		Reason: "live memory grew at every checkpoint, by 4.80 MB an hour", Hint: "what cache.(*Store).Put keeps is never taken out: bound it, or accept it under known: in highwater.yml",
		Evidence: []highwater.SiteChange{{Site: put, Before: 90_000, After: 2_190_000, Share: 0.87}}, Fingerprint: put.Fingerprint,
		Command: "go tool pprof -sample_index=inuse_space -diff_base /runs/r1/profiles/soak-000.pb.gz /runs/r1/profiles/soak-360.pb.gz",
	}, highwater.Finding{
		Metric: highwater.Goroutines, Check: "leak", Verdict: highwater.VerdictWarn, Known: "closing is to come with v2; until 2027-01-31", Reason: "240 goroutines more, created by hub.(*Hub).subscribe",
	})
	return r
}

func soakSettled() *highwater.Report {
	d := drift{points: 121, interval: 15 * time.Second, live: 9e6, noise: 30e3, warm: func(at time.Duration) float64 { return 14e6 * min(at.Minutes()/9, 1) }}
	return soaking("interactive_shell", d.series(3), highwater.SoakResult{
		Course: highwater.CourseSettled, Initial: 22_990_000, Final: 23_004_000, Warm: 555 * time.Second, PerHour: rate(-3_000, 41_000), PerOp: ptr(rate(-0.004, 0.05)),
		PercentPerHour: rate(-0.013, 0.18), Detectable: 160_000, DetectableSite: 21_000,
	})
}

func soakFilling() *highwater.Report {
	d := drift{points: 241, interval: 15 * time.Second, live: 9e6, noise: 40e3, warm: func(at time.Duration) float64 { return 20e6 * (1 - math.Exp(-at.Minutes()/45)) }}
	by := 190 * time.Minute
	return soaking("cache_fill", d.series(4), highwater.SoakResult{
		Course: highwater.CourseFilling, Initial: 10_900_000, Final: 23_700_000, Warm: 240 * time.Second, PerHour: rate(12_900_000, 400_000), PerOp: ptr(rate(15.2, 0.5)),
		PercentPerHour: rate(118, 4), Detectable: 900_000, DetectableSite: 30_000, SettleBy: &by,
	}, highwater.Finding{
		Metric: "growth", Check: "leak", Verdict: highwater.VerdictInconclusive, Reason: "live memory still grows, ever more slowly", Hint: "--duration 4h would settle it",
	})
}

func soakSlow() *highwater.Report {
	d := drift{points: 361, interval: 5 * time.Second, live: 11.2e6, noise: 14e3, slower: 0.34}
	return soaking("log_streaming", d.series(5), highwater.SoakResult{
		Course: highwater.CourseFlat, Initial: 11_199_000, Final: 11_201_000, PerHour: rate(1_200, 8_000), PerOp: ptr(rate(0.001, 0.009)), PercentPerHour: rate(0.01, 0.07),
		Detectable: 41_000, DetectableSite: 8_200, Throughput: ptr(rate(-0.337, 0.012)), Latency: ptr(rate(0.51, 0.02)),
	}, highwater.Finding{
		Metric: "throughput", Check: "speed", Verdict: highwater.VerdictFail, Severity: highwater.SeverityCritical,
		Reason: "it slows down: 34 % fewer operations a second at the end than when warm", Hint: "compare CPU profiles of the beginning and the end: --with-profiling",
	})
}

// soakProcess is of a command, of which the operating system alone tells.
func soakProcess() *highwater.Report {
	series := drift{points: 61, interval: 5 * time.Second, live: 9e6, noise: 1e4, perHour: 2e6}.series(6)
	series.Source, series.LeakProfile, series.Rate = highwater.SourceProcess, false, 0
	why := "the process was not built by highwater and has no pprof endpoint"
	series.Lacks = map[highwater.Quantity]string{highwater.QuantityLive: why, highwater.QuantitySites: why, highwater.QuantityGoroutines: why, highwater.QuantityOffHeap: why, highwater.QuantityOps: "nobody counts them"}
	for i := range series.Points {
		p := &series.Points[i]
		*p = highwater.SoakPoint{At: p.At, RSS: p.RSS, Threads: p.Threads, FDs: p.FDs}
	}
	r := soaking("server", series, highwater.SoakResult{
		Course: highwater.CourseUnjudged, Of: highwater.QuantityRSS, Initial: 28_400_000, Final: 28_690_000, PerHour: rate(3_400_000, 200_000), PercentPerHour: rate(12, 0.7),
	}, highwater.Finding{Check: "leak", Verdict: highwater.VerdictUnjudged, Reason: "resident memory alone proves no leak", Hint: "give its pprof endpoint with --url"})
	r.Rows[0].Scenario.Outside = true
	return r
}

func soakInterrupted() *highwater.Report {
	series := drift{points: 20, interval: 5 * time.Second, live: 11.2e6, noise: 14e3}.series(7)
	series.Planned, series.Ended = 30*time.Minute, "interrupted"
	return soaking("vim_session", series, highwater.SoakResult{
		Course: highwater.CourseFlat, Initial: 11_201_000, Final: 11_197_000, PerHour: rate(-90_000, 310_000), PercentPerHour: rate(-0.8, 2.8), Detectable: 1_200_000, DetectableSite: 65_000,
	})
}

func soakShort() *highwater.Report {
	series := drift{points: 5, interval: 5 * time.Second, live: 11.2e6, noise: 14e3}.series(8)
	series.Ended = "the process exited with status 1"
	return soaking("interactive_shell", series, highwater.SoakResult{Course: highwater.CourseShort, Initial: 11_201_000, Final: 11_197_000}, highwater.Finding{
		Check: "outcome", Verdict: highwater.VerdictError, Reason: "the process exited with status 1 after 5 checkpoints", Hint: "see what it printed",
	})
}

// soakLong is a night, of which every fourth checkpoint was kept.
func soakLong() *highwater.Report {
	series := drift{points: 2000, interval: 20 * time.Second, live: 40e6, noise: 400e3, perHour: 1e4}.series(9)
	series.Thinned, series.Interval = 4, 5*time.Second
	return soaking("vim_session", series, highwater.SoakResult{
		Course: highwater.CourseFlat, Initial: 40_000_000, Final: 40_100_000, PerHour: rate(10_000, 14_000), PercentPerHour: rate(0.02, 0.04), Detectable: 32_000, DetectableSite: 1_100, Limit: 40_500_000,
	})
}

// soakHostile has hostile text in every field that holds text.
func soakHostile() *highwater.Report {
	r := soakGrowing()
	long := strings.Repeat("long\u202e", 2000)
	row := &r.Rows[0]
	row.Notes = []string{"x"}
	kinds := []string{row.Soak.Suspects[0].Kind, row.Soak.Suspects[1].Kind}
	verdicts := []highwater.Verdict{row.Findings[0].Verdict, row.Findings[1].Verdict}
	m := &r.Run.Measurements[0]
	m.Soak.Ended, m.Soak.Lacks = "x", map[highwater.Quantity]string{hostileText: hostileText, highwater.QuantityChildren: hostileText}
	r.Run.Skipped = []highwater.Skipped{{}}
	poison(reflect.ValueOf(r).Elem(), 0)
	m.Pass, row.Verdict, r.Verdict, row.Soak.Of = highwater.PassSoak, highwater.VerdictFail, highwater.VerdictFail, highwater.QuantityLive
	m.Scenario = row.Scenario.ID()
	for i := range m.Soak.Points {
		m.Soak.Points[i].FDs = map[string]int{hostileText: i, long: 2}
	}
	for i, k := range kinds {
		row.Soak.Suspects[i].Kind = k
		row.Findings[i].Verdict = verdicts[i]
	}
	// An unknown kind and course, as a later version may write, and one without a site.
	row.Soak.Suspects = append(row.Soak.Suspects, highwater.Suspect{Kind: hostileText, Name: long, PerHour: -3, Tau: 1}, highwater.Suspect{Kind: "mapping", Name: hostileText, After: 5e6})
	row.Findings[0].Known = ""
	m.Soak.Points[3].At, m.Soak.Points[4].At, m.Soak.Points[5].Heap = -5, math.MaxInt64/1_000_000, math.MaxInt64/4
	return r
}

// soakMixed has soaks and ordinary rows in one report.
func soakMixed() *highwater.Report {
	r := sampleBaseline()
	flat := soakFlat()
	growing := soakGrowing()
	for _, from := range []*highwater.Report{flat, growing} {
		row := addSoak(r, from.Rows[0].Scenario, from.Run.Measurements[0].Soak, *from.Rows[0].Soak, from.Rows[0].Findings...)
		row.Notes = []string{fmt.Sprintf("a note on %s", row.Scenario.Name)}
	}
	return r
}
