package gate

import (
	"testing"

	"github.com/highwater-dev/highwater"
)

// TestChanges holds one metric against a baseline in which it was typical.
func TestChanges(t *testing.T) {
	for name, c := range map[string]struct {
		metric   string
		factor   float64
		verdict  highwater.Verdict
		severity highwater.Severity
		label    highwater.Label
		words    string
	}{
		"the same":               {highwater.Peak, 1, highwater.VerdictPass, "", "", "peak 1.20 MB, was 1.20 MB (+0.0 %), allowed +120 KB"},
		"a little more":          {highwater.Peak, 1.03, highwater.VerdictPass, "", "", "+3.0 %"},
		"more than half":         {highwater.Peak, 1.07, highwater.VerdictWarn, "", highwater.LabelLive, "+84.0 KB peak (+7.0 %) in s/a: more than half of the +120 KB allowed"},
		"just within":            {highwater.Peak, 1.098, highwater.VerdictInconclusive, "", "", "not sure to be within"},
		"just over":              {highwater.Peak, 1.104, highwater.VerdictInconclusive, "", "", "not sure to be within"},
		"over":                   {highwater.Peak, 1.2, highwater.VerdictFail, highwater.SeverityWarning, highwater.LabelLive, "+240 KB peak (+20 %) in s/a, allowed +120 KB"},
		"far over":               {highwater.Peak, 1.4, highwater.VerdictFail, highwater.SeverityCritical, highwater.LabelLive, "(+40 %)"},
		"many times":             {highwater.Peak, 30, highwater.VerdictFail, highwater.SeverityCritical, highwater.LabelLive, "(30 times as much)"},
		"less":                   {highwater.Peak, 0.5, highwater.VerdictPass, "", "", "improved: -600 KB peak (-50 %)"},
		"a little less":          {highwater.Peak, 0.97, highwater.VerdictPass, "", "", "was 1.20 MB (-3.0 %)"},
		"large and below floor":  {highwater.Retained, 10, highwater.VerdictPass, "", "", "retained 20.0 KB, was 2.00 KB (10 times as much), allowed +65.5 KB"},
		"over the floor":         {highwater.Retained, 100, highwater.VerdictFail, highwater.SeverityCritical, highwater.LabelLive, "retained"},
		"churn":                  {highwater.AllocBytes, 1.5, highwater.VerdictFail, highwater.SeverityCritical, highwater.LabelChurn, "+25.0 KB alloc_bytes an operation (+50 %)"},
		"objects":                {highwater.Allocs, 1.2, highwater.VerdictFail, highwater.SeverityWarning, highwater.LabelChurn, "allocs an operation"},
		"collector":              {highwater.GCPressure, 2, highwater.VerdictFail, highwater.SeverityCritical, "", "+0.30 gc_pressure (+100 %)"},
		"shown and never judged": {highwater.Threads, 5, "", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			run := bench{repeats: 3, factor: map[string]float64{c.metric: c.factor}}.run()
			rep := Judge(run, bench{repeats: 3}.run(), silent)
			if c.verdict == "" {
				if list := findings(rep, CheckBaseline, c.metric); len(list) != 0 {
					t.Fatalf("judged: %+v", list)
				}
				return
			}
			f := one(t, rep, CheckBaseline, c.metric)
			want(t, f, c.verdict, c.words)
			if f.Severity != c.severity || f.Label != c.label {
				t.Errorf("severity %q, label %q; want %q, %q", f.Severity, f.Label, c.severity, c.label)
			}
			if d := f.Change - (c.factor - 1); d > 1e-9 || d < -1e-9 || f.ChangeLow > f.Change || f.ChangeHigh < f.Change {
				t.Errorf("change %v in [%v, %v], want %v", f.Change, f.ChangeLow, f.ChangeHigh, c.factor-1)
			}
			exit := map[highwater.Verdict]int{highwater.VerdictFail: highwater.ExitFail, highwater.VerdictInconclusive: highwater.ExitError}[c.verdict]
			wantExit(t, rep, c.verdict, exit)
		})
	}
}

// TestNoise: one repeat of a noisy metric decides nothing, and more will.
func TestNoise(t *testing.T) {
	judge := func(repeats int) *highwater.Report {
		run := bench{repeats: repeats, factor: map[string]float64{highwater.Footprint: 1.12}}.run()
		return Judge(run, bench{repeats: 2}.run(), silent)
	}
	rep := judge(1)
	f := one(t, rep, CheckBaseline, highwater.Footprint)
	want(t, f, highwater.VerdictInconclusive, "+3.60 MB footprint (+12 %) in s/a, which is not sure", "about 5 repeats would settle it (1 were made): --repeats 5")
	if f.Label != highwater.LabelNoise {
		t.Errorf("label %q", f.Label)
	}
	needs := Needs(rep)
	if len(needs) != 1 || needs[0] != (Need{"s/a", highwater.PassNatural, 4}) {
		t.Fatalf("needs %+v, want 4 more natural processes", needs)
	}
	rep = judge(5)
	if f := one(t, rep, CheckBaseline, highwater.Footprint); f.Verdict == highwater.VerdictInconclusive {
		t.Errorf("with five: %s", f.Reason)
	}
	if len(Needs(rep)) != 0 {
		t.Errorf("with five: needs %+v", Needs(rep))
	}
}

func TestFiftyMegabytesAreCritical(t *testing.T) {
	big := map[string]float64{highwater.Peak: 1000} // 1.2 GB
	bigger := map[string]float64{highwater.Peak: 1150}
	f := one(t, Judge(bench{factor: bigger}.run(), bench{factor: big}.run(), silent), CheckBaseline, highwater.Peak)
	want(t, f, highwater.VerdictFail, "+15 %")
	if f.Severity != highwater.SeverityCritical {
		t.Errorf("180 MB more: %s", f.Severity)
	}
}

// TestCounts: any increase in the median fails, whatever the repeats.
func TestCounts(t *testing.T) {
	base := bench{repeats: 3}.run()
	set := func(values ...float64) *highwater.Run {
		run := bench{repeats: 3}.run()
		edit(run, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Values[highwater.FDs] = values[m.Repeat] })
		return run
	}
	f := one(t, Judge(set(1, 1, 0), base, silent), CheckBaseline, highwater.FDs)
	want(t, f, highwater.VerdictFail, "+1 fds in s/a, allowed 0")
	want(t, one(t, Judge(set(1, 0, 0), base, silent), CheckBaseline, highwater.FDs), highwater.VerdictPass)
	want(t, one(t, Judge(base, set(1, 1, 1), silent), CheckBaseline, highwater.FDs), highwater.VerdictPass)
}

func TestMoreIsBetter(t *testing.T) {
	p := silent
	p.Thresholds = func(_, metric string) highwater.Threshold {
		if metric == highwater.Efficiency {
			return highwater.Threshold{Relative: 0.1, Floor: 0.05}
		}
		return highwater.Threshold{}
	}
	judge := func(factor float64) highwater.Finding {
		run := bench{repeats: 10, factor: map[string]float64{highwater.Efficiency: factor}}.run()
		return one(t, Judge(run, bench{repeats: 10}.run(), p), CheckBaseline, highwater.Efficiency)
	}
	want(t, judge(0.5), highwater.VerdictFail, "-0.20 efficiency (-50 %) in s/a, allowed -0.05")
	want(t, judge(1.8), highwater.VerdictPass, "improved")
	if f := judge(0.5); f.ChangeLow > -0.5 || f.ChangeHigh < -0.5 || f.ChangeHigh > 0 {
		t.Errorf("change between %v and %v", f.ChangeLow, f.ChangeHigh)
	}
}

// TestReferenceOfNothing: no ratio is made up where the baseline has 0.
func TestReferenceOfNothing(t *testing.T) {
	none := map[string]float64{highwater.Retained: 0}
	f := one(t, Judge(bench{factor: none}.run(), bench{factor: none}.run(), silent), CheckBaseline, highwater.Retained)
	want(t, f, highwater.VerdictPass, "retained 0 B, was 0 B, allowed +65.5 KB")
	f = one(t, Judge(bench{factor: map[string]float64{highwater.Retained: 100}}.run(), bench{factor: none}.run(), silent), CheckBaseline, highwater.Retained)
	want(t, f, highwater.VerdictFail, "+200 KB retained in s/a")
	if f.Change != 0 || f.Severity != highwater.SeverityCritical {
		t.Errorf("change %v, severity %s", f.Change, f.Severity)
	}
}

func TestMissingAndNew(t *testing.T) {
	run, base := bench{names: []string{"a", "fresh"}}.run(), bench{names: []string{"a", "gone"}}.run()
	rep := Judge(run, base, Policy{})
	wantExit(t, rep, highwater.VerdictMissing, highwater.ExitFail)
	f := findings(rep, CheckPresence, "")[0]
	want(t, f, highwater.VerdictMissing, "s/gone is in baseline r1 and not in this run", "--allow-missing")
	if f.Scenario != "s/gone" {
		t.Errorf("scenario %q", f.Scenario)
	}
	if rep.Rows[1].Verdict != highwater.VerdictNew {
		t.Errorf("the new one: %s", rep.Rows[1].Verdict)
	}

	rep = Judge(run, base, Policy{AllowMissing: true})
	wantExit(t, rep, highwater.VerdictMissing, highwater.ExitOK)

	// What was not asked for is not missing.
	rep = Judge(run, base, Policy{Selected: func(id string) bool { return id != "s/gone" }})
	wantExit(t, rep, highwater.VerdictNew, highwater.ExitOK)
}

func TestBaselineOfOtherScenarios(t *testing.T) {
	base := bench{names: []string{"p", "q", "r", "s", "t"}}.run()
	base.Name = "main"
	rep := Judge(bench{}.run(), base, Policy{})
	wantExit(t, rep, highwater.VerdictError, highwater.ExitError)
	want(t, findings(rep, CheckBaseline, "")[0], highwater.VerdictError,
		"baseline main is of other scenarios: it has s/p, s/q, s/r, 2 more, and this run has s/a")
	if rep.BaseName != "main" {
		t.Errorf("baseline called %q", rep.BaseName)
	}
	rep = Judge(bench{}.run(), &highwater.Run{ID: "x"}, Policy{})
	wantExit(t, rep, highwater.VerdictError, highwater.ExitError)
	want(t, findings(rep, CheckBaseline, "")[0], highwater.VerdictError, "it has none")
}

func TestAnotherSize(t *testing.T) {
	base := bench{}.run()
	base.Scenarios[0].Sessions, base.Scenarios[0].Ops = 10, 50
	rep := Judge(bench{}.run(), base, silent)
	wantExit(t, rep, highwater.VerdictError, highwater.ExitError)
	want(t, one(t, rep, CheckBaseline, ""), highwater.VerdictError, "1 sessions and 100 operations here, 10 and 50 in the baseline", "baseline save")

	p := silent
	p.AllowMismatch = true
	rep = Judge(bench{}.run(), base, p)
	wantExit(t, rep, highwater.VerdictPass, highwater.ExitOK)
	if len(rep.Rows[0].Notes) != 1 {
		t.Errorf("notes %q, want that it was compared all the same", rep.Rows[0].Notes)
	}
}

// TestMetricsOfOneSideOnly: a metric that only one side has is named, and never a
// silent pass.
func TestMetricsOfOneSideOnly(t *testing.T) {
	without := func(how func(m *highwater.Measurement)) *highwater.Run {
		r := bench{}.run()
		edit(r, "s/a", highwater.PassNatural, func(m *highwater.Measurement) {
			delete(m.Values, highwater.Footprint)
			how(m)
		})
		return r
	}
	unsupported := without(func(m *highwater.Measurement) {
		m.Unsupported = map[string]string{highwater.Footprint: "no VmHWM"}
	})
	omits := bench{}.run()
	omits.Scenarios[0].Omit = map[highwater.Pass]string{highwater.PassNatural: "it measures itself"}
	drop(omits, func(m highwater.Measurement) bool { return m.Pass == highwater.PassNatural })

	rep := Judge(bench{}.run(), without(func(*highwater.Measurement) {}), silent)
	wantExit(t, rep, highwater.VerdictError, highwater.ExitError)
	want(t, one(t, rep, CheckBaseline, highwater.Footprint), highwater.VerdictError, "the baseline has no footprint")

	rep = Judge(bench{}.run(), unsupported, silent)
	wantExit(t, rep, highwater.VerdictNew, highwater.ExitOK)
	want(t, one(t, rep, CheckBaseline, highwater.Footprint), highwater.VerdictNew, "no VmHWM")

	rep = Judge(unsupported, bench{}.run(), silent)
	wantExit(t, rep, highwater.VerdictUnsupported, highwater.ExitOK)
	if f := one(t, rep, CheckPresence, highwater.Footprint); f.Reference == nil {
		t.Error("the finding does not show that the baseline has it")
	}

	rep = Judge(bench{}.run(), omits, silent)
	wantExit(t, rep, highwater.VerdictNew, highwater.ExitOK)

	rep = Judge(omits, bench{}.run(), silent)
	wantExit(t, rep, highwater.VerdictMissing, highwater.ExitFail)
	want(t, one(t, rep, CheckPresence, highwater.Footprint), highwater.VerdictMissing, "now omits the natural pass: it measures itself")
}
