package gate

import (
	"testing"

	"github.com/highwater-dev/highwater"
)

// without takes metrics out of all measurements, as of a scenario that has no use
// for them.
func without(r *highwater.Run, metrics ...string) *highwater.Run {
	for _, m := range r.Measurements {
		for _, metric := range metrics {
			delete(m.Values, metric)
		}
	}
	return r
}

// TestOptional: what only some scenarios have may be absent, as long as nobody
// counts on it.
func TestOptional(t *testing.T) {
	optional := []string{highwater.SessionCost, highwater.FixedCost, highwater.ChildMemory, highwater.TreePSS, highwater.TreeFootprint}
	plain := func() *highwater.Run { return without(bench{}.run(), optional...) }
	wantExit(t, Judge(plain(), plain(), silent), highwater.VerdictPass, highwater.ExitOK)

	gone := Judge(plain(), bench{}.run(), silent)
	want(t, one(t, gone, CheckPresence, highwater.SessionCost), highwater.VerdictMissing, "is in the baseline and not in this run")
	if gone.Exit != highwater.ExitFail {
		t.Errorf("exit %d where the baseline has it and the run has not", gone.Exit)
	}
	came := Judge(bench{}.run(), plain(), silent)
	want(t, one(t, came, CheckBaseline, highwater.ChildMemory), highwater.VerdictNew, "is new")
	if came.Exit != highwater.ExitOK {
		t.Errorf("exit %d where the run has more than the baseline", came.Exit)
	}

	// A limit on what is not there is judged by nobody, and must say so.
	run := plain()
	run.Scenarios[0].Limits = []highwater.Limit{{Metric: highwater.ChildMemory, Bound: 1e6}}
	rep := Judge(run, nil, Policy{})
	want(t, one(t, rep, CheckLimit, highwater.ChildMemory), highwater.VerdictError, "the scenario yielded none")
	if rep.Exit != highwater.ExitError {
		t.Errorf("exit %d with a limit on a metric that was not measured", rep.Exit)
	}
}

// TestOptionalUnsupported: a limit on what this platform cannot measure is not kept, and
// the report says why.
func TestOptionalUnsupported(t *testing.T) {
	run := without(bench{}.run(), highwater.ChildMemory)
	for i := range run.Measurements {
		run.Measurements[i].Unsupported = map[string]string{highwater.ChildMemory: "children are followed on Linux only"}
	}
	for _, f := range Judge(run, nil, silent).Findings {
		if f.Metric == highwater.ChildMemory {
			t.Errorf("nobody asked, and it says %s", f.Reason)
		}
	}
	run.Scenarios[0].Limits = []highwater.Limit{{Metric: highwater.ChildMemory, Bound: 1e6}}
	rep := Judge(run, nil, Policy{})
	f := one(t, rep, CheckPresence, highwater.ChildMemory)
	want(t, f, highwater.VerdictUnsupported, "children are followed on Linux only")
	if f.Limit == nil || rep.Verdict == highwater.VerdictPass {
		t.Errorf("limit %v, verdict %s", f.Limit, rep.Verdict)
	}
}

// TestRetainedNamesWhatWasKept, and not what was large at the peak.
func TestRetainedNamesWhatWasKept(t *testing.T) {
	kept := func(bytes int64) []highwater.Site {
		return []highwater.Site{site("a.org/rpc.(*mux).Accept", bytes, 1)}
	}
	over := sited(map[string]float64{highwater.Retained: 500}, &highwater.PeakParts{Heap: 4e6}, site("a.org/vt.New", 4e6, 1))
	edit(over, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Retained = kept(900e3) })
	f := one(t, Judge(over, nil, Policy{}), CheckLimit, highwater.Retained)
	want(t, f, highwater.VerdictFail, "90 % of what is left was allocated by rpc.(*mux).Accept (x.go:7)")

	base := sited(map[string]float64{highwater.Retained: 50}, nil, site("a.org/vt.New", 4e6, 1))
	edit(base, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Retained = kept(100e3) })
	f = one(t, Judge(over, base, silent), CheckBaseline, highwater.Retained)
	want(t, f, highwater.VerdictFail, "89 % from rpc.(*mux).Accept (x.go:7)")
}
