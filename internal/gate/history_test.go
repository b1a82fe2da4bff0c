package gate

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// pastRun is a history of runs whose sustained memory differs by a share from one to the
// next.
func pastRun(r *rand.Rand, runs int, cv float64) *highwater.Run {
	past := bench{}.run()
	past.History, past.Measurements = true, nil
	for i := range runs {
		past.Measurements = append(past.Measurements, highwater.Measurement{
			Scenario: "s/a", Pass: highwater.PassExact, Repeat: i, Outcome: highwater.Outcome{Status: highwater.StatusOK},
			Values: map[string]float64{highwater.Sustained: 1e6 * (1 + cv*r.NormFloat64())},
		})
	}
	return past
}

func sustained(r *highwater.Report) highwater.Finding {
	for _, f := range r.Rows[0].Findings {
		if f.Check == CheckBaseline && f.Metric == highwater.Sustained {
			return f
		}
	}
	return highwater.Finding{}
}

// Runs differ by 8 %, and the repeats of one by nothing: taken for as many values they
// would fail more often wrongly.
func TestHistoryHoldsWhatDiffersBetweenRuns(t *testing.T) {
	wrong, naive, found := 0, 0, 0
	const runs = 400
	for seed := range uint64(runs) {
		r := rand.New(rand.NewPCG(seed, 3))
		past := pastRun(r, 20, 0.08)
		of := func(factor float64) *highwater.Run {
			return bench{repeats: 20, factor: map[string]float64{highwater.Sustained: factor}}.run()
		}
		bias := 1 + 0.08*r.NormFloat64()
		if sustained(Judge(of(bias), past, Policy{})).Verdict == highwater.VerdictFail {
			wrong++
		}
		if sustained(Judge(of(1.5*bias), past, Policy{})).Verdict == highwater.VerdictFail {
			found++
		}
		repeats := *past
		repeats.History = false
		if sustained(Judge(of(bias), &repeats, Policy{})).Verdict == highwater.VerdictFail {
			naive++
		}
	}
	if wrong > runs/50 || found < runs*9/10 {
		t.Errorf("of %d runs %d fail wrongly, and %d of a step of half", runs, wrong, found)
	}
	if naive < 2*max(wrong, 1) {
		t.Errorf("taken for repeats %d fail, and %d as runs: the test shows nothing", naive, wrong)
	}
}

// Of a history nothing is missing, no repeats are asked for, and it is called what it is.
func TestHistoryIsNoBaseline(t *testing.T) {
	past := pastRun(rand.New(rand.NewPCG(1, 1)), 6, 0.08)
	past.Scenarios = append(past.Scenarios, highwater.ScenarioInfo{Suite: "s", Name: "gone", Sessions: 1})
	rep := Judge(bench{factor: map[string]float64{highwater.Sustained: 1.12}}.run(), past, Policy{})
	f := sustained(rep)
	if f.Verdict != highwater.VerdictInconclusive || !strings.Contains(f.Hint, "runs differ") {
		t.Errorf("%+v", f)
	}
	for _, n := range Needs(rep) {
		if n.Pass == highwater.PassExact {
			t.Errorf("it wants %+v", n)
		}
	}
	if !strings.Contains(strings.Join(rep.Notes, "\n"), "s/gone") {
		t.Errorf("notes %q", rep.Notes)
	}
	for _, f := range rep.Findings {
		if f.Verdict == highwater.VerdictMissing {
			t.Errorf("%+v", f)
		}
	}
}
