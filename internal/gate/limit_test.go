package gate

import (
	"math"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestLimits(t *testing.T) {
	only := func(metric string, bound float64) Policy {
		return Policy{Limits: func(highwater.ScenarioInfo) []highwater.Limit {
			return []highwater.Limit{{Metric: metric, Bound: bound}}
		}}
	}
	for name, c := range map[string]struct {
		metric   string
		bound    float64
		factor   float64 // of the typical value
		verdict  highwater.Verdict
		severity highwater.Severity
		exit     int
		words    string
	}{
		"within":               {highwater.Peak, 3e6, 1, highwater.VerdictPass, "", 0, "peak 1.20 MB is within the limit of 3.00 MB"},
		"over":                 {highwater.Peak, 1e6, 1, highwater.VerdictFail, highwater.SeverityWarning, 1, "peak 1.20 MB in s/a is over the limit of 1.00 MB"},
		"far over":             {highwater.Peak, 0.9e6, 1, highwater.VerdictFail, highwater.SeverityCritical, 1, "over"},
		"over by 50 MB":        {highwater.Peak, 1e9, 880, highwater.VerdictFail, highwater.SeverityCritical, 1, "1.06 GB"},
		"on the bound":         {highwater.Peak, 1.2e6, 1, highwater.VerdictInconclusive, "", 2, "both sides of the limit"},
		"near the bound":       {highwater.Peak, 1.206e6, 1, highwater.VerdictInconclusive, "", 2, "about 5 repeats would settle it (2 were made): --repeats 5"},
		"gc pressure":          {highwater.GCPressure, 0.8, 1, highwater.VerdictPass, "", 0, "within"},
		"more is better":       {highwater.Efficiency, 0.2, 1, highwater.VerdictPass, "", 0, "within"},
		"too little":           {highwater.Efficiency, 0.6, 1, highwater.VerdictFail, highwater.SeverityCritical, 1, "under the limit of 0.60"},
		"somewhat too little":  {highwater.Efficiency, 0.9, 2, highwater.VerdictInconclusive, "", 2, "both sides"},
		"no leftovers":         {highwater.Goroutines, 0, 1, highwater.VerdictPass, "", 0, "within"},
		"as many as allowed":   {highwater.Threads, 3, 1, highwater.VerdictPass, "", 0, "within"},
		"one more than that":   {highwater.Threads, 2.5, 1, highwater.VerdictFail, highwater.SeverityWarning, 1, "over the limit of 2.5"},
		"not a number":         {highwater.Peak, math.NaN(), 1, highwater.VerdictError, "", 2, "not a number that"},
		"a metric of no name":  {"paek", 1, 1, highwater.VerdictError, "", 2, "no metric"},
		"negative yet allowed": {highwater.Retained, 1000, -1, highwater.VerdictInconclusive, "", 2, "both sides"},
	} {
		t.Run(name, func(t *testing.T) {
			run := bench{factor: map[string]float64{c.metric: c.factor}}.run()
			rep := Judge(run, nil, only(c.metric, c.bound))
			f := one(t, rep, CheckLimit, c.metric)
			want(t, f, c.verdict, c.words)
			if f.Severity != c.severity || rep.Exit != c.exit {
				t.Errorf("severity %q, exit %d; want %q, %d", f.Severity, rep.Exit, c.severity, c.exit)
			}
		})
	}
}

// TestCountsHaveNoStatistics: a single repeat with one leftover fails.
func TestCountsHaveNoStatistics(t *testing.T) {
	run := bench{repeats: 5}.run()
	edit(run, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
		if m.Repeat == 3 {
			m.Values[highwater.Goroutines] = 4
			m.Leftovers = []highwater.Leftover{
				{Kind: "fd", Count: 1, Detail: "socket"},
				{Kind: "goroutine", Count: 3, Detail: "chan receive, created by a.org/x.serve (x.go:30)"},
				{Kind: "goroutine", Count: 1, Detail: "select, created by a.org/x.tick (x.go:40)"},
			}
		}
	})
	rep := Judge(run, nil, Policy{})
	wantExit(t, rep, highwater.VerdictFail, highwater.ExitFail)
	want(t, one(t, rep, CheckLimit, highwater.Goroutines), highwater.VerdictFail,
		"goroutines 4 in s/a is over the limit of 0", "3 × chan receive, created by a.org/x.serve (x.go:30); select")
}

func TestWhichLimitsApply(t *testing.T) {
	info := highwater.ScenarioInfo{Name: "a", Limits: []highwater.Limit{
		{Metric: highwater.Peak, Bound: 8e6, Reason: "two screens"}, {Metric: highwater.Footprint, Bound: 1e9},
	}}
	bound := func(ls []highwater.Limit, metric string) float64 {
		for _, l := range ls {
			if l.Metric == metric {
				return l.Bound
			}
		}
		return math.NaN()
	}
	standard, strict := Policy{}.limits(info), Policy{Strict: true}.limits(info)
	if bound(standard, highwater.Peak) != 8e6 || bound(standard, highwater.Sustained) != 2.5e6 || bound(standard, highwater.Footprint) != 1e9 {
		t.Errorf("standard with the scenario's own: %+v", standard)
	}
	if bound(strict, highwater.Peak) != 8e6 || bound(strict, highwater.Sustained) != 2e6 {
		t.Errorf("strict with the scenario's own: %+v", strict)
	}
	run := bench{factor: map[string]float64{highwater.Peak: 10}}.run()
	run.Scenarios[0].Limits = info.Limits
	want(t, one(t, Judge(run, nil, Policy{}), CheckLimit, highwater.Peak), highwater.VerdictFail, "two screens")
}

func TestNothingToHoldItTo(t *testing.T) {
	rep := Judge(bench{}.run(), nil, silent)
	wantExit(t, rep, highwater.VerdictUnjudged, highwater.ExitOK)
	want(t, one(t, rep, CheckLimit, ""), highwater.VerdictUnjudged, "no limit and no baseline", "baseline save")
}

func TestSessionsInWords(t *testing.T) {
	run := bench{factor: map[string]float64{highwater.Peak: 3}}.run()
	run.Scenarios[0].Sessions = 20
	f := one(t, Judge(run, nil, Policy{}), CheckLimit, highwater.Peak)
	// 0.6 MB over for each of 20 sessions is no quarter and no 50 MB.
	want(t, f, highwater.VerdictFail, "peak 3.60 MB a session")
	if f.Severity != highwater.SeverityWarning {
		t.Errorf("severity %s", f.Severity)
	}
	run.Scenarios[0].Sessions = 200
	if f := one(t, Judge(run, nil, Policy{}), CheckLimit, highwater.Peak); f.Severity != highwater.SeverityCritical {
		t.Errorf("120 MB over in the whole process: %s", f.Severity)
	}
}

// A figure of which some was not seen breaks a limit, and keeps none.
func TestIncompleteKeepsNoLimit(t *testing.T) {
	run := func(bound float64) *highwater.Report {
		r := bench{}.run()
		r.Scenarios[0].Limits = []highwater.Limit{{Metric: highwater.TreePSS, Bound: bound}}
		edit(r, "s/a", highwater.PassNatural, func(m *highwater.Measurement) {
			if m.Repeat == 1 {
				m.Incomplete = map[string]string{highwater.TreePSS: "it left a process running"}
			}
		})
		return Judge(r, nil, Policy{})
	}
	within := run(400e6)
	want(t, one(t, within, CheckLimit, highwater.TreePSS), highwater.VerdictError, "it left a process running")
	if within.Exit != highwater.ExitError {
		t.Errorf("exit %d with a limit that nobody knows to be kept", within.Exit)
	}
	if more := Needs(within); len(more) > 0 {
		t.Errorf("repeats that would settle nothing are asked for: %+v", more)
	}
	over := run(4e6)
	want(t, one(t, over, CheckLimit, highwater.TreePSS), highwater.VerdictFail, "over the limit")
}
