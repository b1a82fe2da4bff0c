package gate

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestExit(t *testing.T) {
	failed := func(s highwater.Severity) highwater.Finding {
		return highwater.Finding{Verdict: highwater.VerdictFail, Severity: s}
	}
	verdict := func(v highwater.Verdict) highwater.Finding { return highwater.Finding{Verdict: v} }
	critical := Policy{FailOn: highwater.SeverityCritical}
	for name, c := range map[string]struct {
		policy   Policy
		findings []highwater.Finding
		want     int
	}{
		"nothing":                     {Policy{}, nil, 0},
		"what passes":                 {Policy{}, []highwater.Finding{verdict(highwater.VerdictPass), verdict(highwater.VerdictNew), verdict(highwater.VerdictUnjudged), verdict(highwater.VerdictUnsupported), verdict(highwater.VerdictWarn)}, 0},
		"a failure":                   {Policy{}, []highwater.Finding{failed(highwater.SeverityWarning)}, 1},
		"a failure without severity":  {critical, []highwater.Finding{failed("")}, 1},
		"a warning, critical wanted":  {critical, []highwater.Finding{failed(highwater.SeverityWarning)}, 0},
		"a critical one":              {critical, []highwater.Finding{failed(highwater.SeverityCritical)}, 1},
		"missing":                     {Policy{}, []highwater.Finding{verdict(highwater.VerdictMissing)}, 1},
		"missing, allowed":            {Policy{AllowMissing: true}, []highwater.Finding{verdict(highwater.VerdictMissing)}, 0},
		"inconclusive":                {Policy{}, []highwater.Finding{verdict(highwater.VerdictInconclusive)}, 2},
		"inconclusive, allowed":       {Policy{AllowInconclusive: true}, []highwater.Finding{verdict(highwater.VerdictInconclusive)}, 0},
		"an error is never allowed":   {Policy{AllowInconclusive: true, AllowMissing: true, AllowMismatch: true}, []highwater.Finding{verdict(highwater.VerdictError)}, 2},
		"both":                        {Policy{}, []highwater.Finding{verdict(highwater.VerdictError), failed(highwater.SeverityWarning)}, 1},
		"a verdict of a third party":  {Policy{}, []highwater.Finding{verdict("splendid")}, 2},
		"an error, a failure allowed": {critical, []highwater.Finding{failed(highwater.SeverityWarning), verdict(highwater.VerdictError)}, 2},
	} {
		if got := c.policy.exit(c.findings); got != c.want {
			t.Errorf("%s: exit %d, want %d", name, got, c.want)
		}
	}
}

func TestThresholdsOfThePolicy(t *testing.T) {
	p := silent
	p.Thresholds = func(id, metric string) highwater.Threshold {
		if id == "s/a" && metric == highwater.Peak {
			return highwater.Threshold{Relative: 0.5}
		}
		return highwater.Threshold{}
	}
	run := bench{factor: map[string]float64{highwater.Peak: 1.2, highwater.Sustained: 9}}.run()
	rep := Judge(run, bench{}.run(), p)
	wantExit(t, rep, highwater.VerdictPass, highwater.ExitOK)
	if n := len(findings(rep, CheckBaseline, highwater.Sustained)); n != 0 {
		t.Errorf("%d findings on a metric without a threshold", n)
	}
}

func TestCustomChecks(t *testing.T) {
	check := func(f ...highwater.Finding) highwater.Check {
		return highwater.Check{Name: "mine", Doc: "d", Run: func(run, base *highwater.Run) []highwater.Finding {
			if run == nil || base == nil {
				return nil
			}
			return f
		}}
	}
	judge := func(c highwater.Check) *highwater.Report {
		return Judge(bench{}.run(), bench{}.run(), Policy{Checks: []highwater.Check{c}})
	}
	rep := judge(check(highwater.Finding{Scenario: "s/a", Verdict: highwater.VerdictFail, Reason: "r"}))
	wantExit(t, rep, highwater.VerdictFail, highwater.ExitFail)
	if f := one(t, rep, "mine", ""); rep.Rows[0].Verdict != highwater.VerdictFail || f.Reason != "r" {
		t.Errorf("row %s, finding %+v", rep.Rows[0].Verdict, f)
	}
	rep = judge(check(highwater.Finding{Scenario: "elsewhere", Verdict: highwater.VerdictWarn}))
	if len(rep.Findings) != 1 || rep.Verdict != highwater.VerdictWarn {
		t.Errorf("of no row: %+v, %s", rep.Findings, rep.Verdict)
	}

	for name, c := range map[string]highwater.Check{
		"needs a name":    {Doc: "d", Run: check().Run},
		`"mine" cannot`:   {Name: "mine", Run: check().Run},
		"and a function":  {Name: "mine", Doc: "d"},
		"panicked: oh no": {Name: "mine", Doc: "d", Run: func(_, _ *highwater.Run) []highwater.Finding { panic("oh no") }},
		"gave no verdict": check(highwater.Finding{Reason: "?"}),
	} {
		rep := judge(c)
		wantExit(t, rep, highwater.VerdictError, highwater.ExitError)
		if !strings.Contains(rep.Findings[0].Reason, name) {
			t.Errorf("%q is not in %q", name, rep.Findings[0].Reason)
		}
	}
}

func TestNeeds(t *testing.T) {
	p := Policy{Limits: func(highwater.ScenarioInfo) []highwater.Limit {
		return []highwater.Limit{
			{Metric: highwater.Peak, Bound: 1.206e6}, {Metric: highwater.Sustained, Bound: 1e6}, {Metric: highwater.GCPressure, Bound: 0.31},
		}
	}}
	needs := Needs(Judge(bench{names: []string{"a", "b"}}.run(), nil, p))
	if len(needs) != 4 || needs[0].Scenario != "s/a" || needs[2].Scenario != "s/b" {
		t.Fatalf("needs %+v, want the collector and exact passes of both", needs)
	}
	// The peak would do with 3 more; sustained lies on its bound.
	if n := needs[1]; n.Pass != highwater.PassExact || n.Samples != mostRepeats-2 {
		t.Errorf("%+v, want as many as are ever asked for", n)
	}
	if n := needs[0]; n.Pass != highwater.PassCollector || n.Samples < 1 || n.Samples > 30 {
		t.Errorf("%+v", n)
	}
	// A baseline of one repeat is too uncertain for a change so near the
	// threshold: nothing that is measured here helps.
	run := bench{repeats: 20, factor: map[string]float64{highwater.Footprint: 1.19}}.run()
	rep := Judge(run, bench{repeats: 1}.run(), silent)
	want(t, one(t, rep, CheckBaseline, highwater.Footprint), highwater.VerdictInconclusive, "save the baseline again with more repeats")
	if needs := Needs(rep); len(needs) != 0 {
		t.Errorf("needs %+v", needs)
	}
}
