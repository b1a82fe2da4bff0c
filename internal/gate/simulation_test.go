package gate

import (
	"math/rand/v2"
	"testing"

	"github.com/highwater-dev/highwater"
)

var eight = []string{"a", "b", "c", "d", "e", "f", "g", "h"}

// gated are the metrics that have a threshold of their own and noise.
func gated() []highwater.Metric {
	var list []highwater.Metric
	for _, m := range highwater.Metrics() {
		if !m.Relative.IsZero() {
			list = append(list, m)
		}
	}
	return list
}

// shifted multiplies every gated metric so that its true change is that part of
// what its threshold allows.
func shifted(part float64) map[string]float64 {
	factor := map[string]float64{}
	for _, m := range gated() {
		factor[m.Name] = 1 + part*m.Relative.Allowance(typical[m.Name])/typical[m.Name]
	}
	return factor
}

// TestFalseAlarms compares runs of the same program: 300 reports of 56
// comparisons each. Nothing fails, also where the noise is twice what the priors
// expect; the stated rate is a bound for the much harder case below.
func TestFalseAlarms(t *testing.T) {
	for _, noise := range []float64{1, 2} {
		rng := rand.New(rand.NewPCG(21, uint64(noise)))
		var comparisons, failed, warned int
		for range 150 {
			b := bench{names: eight, rng: rng, noise: noise}
			rep := Judge(b.run(), b.run(), silent)
			for _, f := range findings(rep, CheckBaseline, "") {
				if f.Threshold.IsZero() {
					continue
				}
				comparisons++
				switch f.Verdict {
				case highwater.VerdictFail:
					failed++
				case highwater.VerdictWarn:
					warned++
				}
			}
		}
		if comparisons != 150*8*len(gated()) || failed > 0 || warned > comparisons/200 {
			t.Errorf("noise × %v: %d of %d comparisons failed, %d warned", noise, failed, comparisons, warned)
		}
	}
}

// TestAlarmRateAtTheThreshold: when every metric has changed by just what is
// allowed, at most one report in twenty fails anything.
func TestAlarmRateAtTheThreshold(t *testing.T) {
	const reports = 200
	rng := rand.New(rand.NewPCG(22, 1))
	factor := shifted(1)
	var alarms int
	for range reports {
		base := bench{names: eight, repeats: 3, rng: rng}
		run := bench{names: eight, repeats: 3, rng: rng, factor: factor}
		if len(failures(Judge(run.run(), base.run(), silent))) > 0 {
			alarms++
		}
	}
	// Two standard errors of a proportion of 0.05 over it.
	if rate := float64(alarms) / reports; rate > alarmRate+0.03 {
		t.Errorf("%.3f of the reports have a false alarm, want at most %v", rate, alarmRate)
	}
}

func failures(r *highwater.Report) []highwater.Finding {
	var list []highwater.Finding
	for _, f := range allOf(r) {
		if f.Verdict == highwater.VerdictFail {
			list = append(list, f)
		}
	}
	return list
}

// settled judges, makes the repeats that the report asks for, and judges again,
// as a command does, until nothing more is asked for.
func settled(b bench, base *highwater.Run) *highwater.Report { return b.settle(b.run(), base) }

func (b bench) settle(run, base *highwater.Run) *highwater.Report {
	for range 12 {
		rep := Judge(run, base, silent)
		needs := Needs(rep)
		if len(needs) == 0 {
			return rep
		}
		for _, n := range needs {
			for range min(n.Samples, 5) {
				run.Measurements = append(run.Measurements, b.measurement(n.Scenario, n.Pass, len(run.Measurements)))
			}
		}
	}
	return Judge(run, base, silent)
}

// TestPower: against a stored baseline of five repeats, with as many repeats as
// asked for, a change of twice the threshold is found in every metric every time,
// and one of half the threshold never fails and is settled nearly always.
func TestPower(t *testing.T) {
	const rounds = 150
	rng := rand.New(rand.NewPCG(23, 1))
	var unsettled int
	for range rounds {
		base := bench{repeats: 5, rng: rng}.run()
		if found := failures(settled(bench{rng: rng, factor: shifted(2)}, base)); len(found) != len(gated()) {
			t.Errorf("%d of %d metrics found at twice the threshold", len(found), len(gated()))
		}
		half := settled(bench{rng: rng, factor: shifted(0.5)}, base)
		for _, f := range failures(half) {
			t.Errorf("failed at half the threshold: %s", f.Reason)
		}
		if half.Verdict == highwater.VerdictInconclusive {
			unsettled++
		}
	}
	if unsettled > rounds/10 {
		t.Errorf("%d of %d reports at half the threshold stay inconclusive", unsettled, rounds)
	}
}

// TestSingleRepeats: one repeat on either side never fails for noise, and finds a
// tripling.
func TestSingleRepeats(t *testing.T) {
	rng := rand.New(rand.NewPCG(24, 1))
	for range 100 {
		base := bench{repeats: 1, rng: rng}.run()
		if f := failures(Judge(bench{repeats: 1, rng: rng}.run(), base, silent)); len(f) > 0 {
			t.Errorf("a false alarm: %s", f[0].Reason)
		}
		run := bench{repeats: 1, rng: rng, factor: map[string]float64{highwater.Peak: 3}}.run()
		if len(failures(Judge(run, base, silent))) != 1 {
			t.Error("three times the peak did not fail")
		}
	}
}

// TestDisturbedProcess: of ten processes of a side the machine disturbs one. That
// neither fails nor, but for one time in fifty, leaves the comparison open, and twice
// the threshold is found all the same. When it disturbs half of them, nothing is claimed.
func TestDisturbedProcess(t *testing.T) {
	const rounds = 100
	rng := rand.New(rand.NewPCG(25, 1))
	for _, metric := range []string{highwater.GCPressure, highwater.AllocBytes} {
		disturbed := 1.5 * typical[metric]
		if metric == highwater.GCPressure {
			disturbed = 1
		}
		m, _ := highwater.MetricByName(metric)
		disturb := func(r *highwater.Run, which int) *highwater.Run {
			edit(r, "s/a", m.Pass, func(one *highwater.Measurement) {
				if one.Repeat < which {
					one.Values[metric] = disturbed
				}
			})
			return r
		}
		verdicts := func(run, base bench, here, there int) map[highwater.Verdict]int {
			run.repeats, run.rng, base.repeats, base.rng = 10, rng, 10, rng
			count := map[highwater.Verdict]int{}
			for range rounds {
				count[one(t, Judge(disturb(run.run(), here), disturb(base.run(), there), silent), CheckBaseline, metric).Verdict]++
			}
			return count
		}
		for _, side := range [][2]int{{1, 0}, {0, 1}, {2, 2}} {
			if v := verdicts(bench{}, bench{}, side[0], side[1]); v[highwater.VerdictPass] < rounds-2 {
				t.Errorf("%s, %d of ten disturbed here and %d there: %v", metric, side[0], side[1], v)
			}
			if v := verdicts(bench{factor: shifted(2)}, bench{}, side[0], side[1]); v[highwater.VerdictPass] > 0 || v[highwater.VerdictFail] < rounds-2 {
				t.Errorf("%s, twice the threshold, %d of ten disturbed here and %d there: %v", metric, side[0], side[1], v)
			}
		}
		if v := verdicts(bench{}, bench{}, 5, 0); v[highwater.VerdictFail] > 0 {
			t.Errorf("%s, half of ten disturbed: %v", metric, v)
		}
	}
}

// TestDisturbedOnly: of a pass there is one process to begin with, and the machine
// disturbs that. It is not believed alone; a change of twice the threshold is, when
// others have confirmed it.
func TestDisturbedOnly(t *testing.T) {
	const rounds = 100
	m, _ := highwater.MetricByName(highwater.AllocBytes)
	rng := rand.New(rand.NewPCG(26, 1))
	begin := func(b bench) *highwater.Run {
		r := b.run()
		edit(r, "s/a", m.Pass, func(one *highwater.Measurement) { one.Values[m.Name] *= 1.3 })
		return r
	}
	for range rounds {
		base := bench{repeats: 5, rng: rng}.run()
		b := bench{repeats: 1, rng: rng}
		if f := one(t, Judge(begin(b), base, silent), CheckBaseline, m.Name); f.Verdict != highwater.VerdictFail {
			t.Fatalf("one process with 30 %% more: %s, so that nothing is shown here", f.Verdict)
		}
		if f := one(t, b.settle(begin(b), base), CheckBaseline, m.Name); f.Verdict != highwater.VerdictPass || f.Observed.N < confirmRepeats {
			t.Errorf("one disturbed process: %s after %d", f.Reason, f.Observed.N)
		}
		worse := bench{repeats: 1, rng: rng, factor: shifted(2)}
		if f := one(t, worse.settle(worse.run(), base), CheckBaseline, m.Name); f.Verdict != highwater.VerdictFail || f.Observed.N < confirmRepeats {
			t.Errorf("twice the threshold: %s after %d", f.Reason, f.Observed.N)
		}
	}
}
