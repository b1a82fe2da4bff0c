package main

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestSummary(t *testing.T) {
	passed := make([]result, 100)
	for i := range passed {
		passed[i] = result{Run: i + 1, Seconds: 2, Scenarios: 3, Comparisons: 21}
	}
	alarm := result{Run: 101, Exit: highwater.ExitFail, Seconds: 9, Failed: []string{"s/a peak"}}
	open := result{Run: 102, Exit: highwater.ExitError, Inconclusive: []string{"s/a footprint"}}
	broken := result{Run: 103, Exit: highwater.ExitError, Errors: []string{"s/b"}, Inconclusive: []string{"s/a"}}
	for _, c := range []struct {
		name string
		all  []result
		exit int
		want []string
	}{
		{"none failed", passed, highwater.ExitOK, []string{"100 runs of 3 scenarios against one baseline, 2100 comparisons: 0 failed, 0 inconclusive, 0 not measured", "at most 3 % (the rule of three: 3/100 = 3 %)", "seconds a run: 2.0"}},
		{"a false alarm", append(passed[:99:99], alarm), highwater.ExitFail, []string{"1 failed", "1 % of the runs, with 95 % confidence at most 4.7 %", "run 101: s/a peak", "longest 9.0"}},
		{"inconclusive is no false alarm", append(passed[:99:99], open), highwater.ExitOK, []string{"0 failed, 1 inconclusive"}},
		{"not measured", append(passed[:99:99], broken), highwater.ExitError, []string{"1 not measured"}},
		{"nothing", nil, highwater.ExitError, []string{"no runs"}},
	} {
		var b strings.Builder
		if exit := summarise(&b, c.all); exit != c.exit {
			t.Errorf("%s: exit %d, want %d", c.name, exit, c.exit)
		}
		for _, w := range c.want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%s: %q is not in\n%s", c.name, w, b.String())
			}
		}
	}
}

// A failing exit status comes with the findings behind it.
func TestTake(t *testing.T) {
	var r result
	r.take(&highwater.Report{
		Findings: []highwater.Finding{{Scenario: "s/gone", Check: "presence", Verdict: highwater.VerdictMissing, Reason: "gone"}},
		Rows: []highwater.Row{{Findings: []highwater.Finding{
			{Check: "baseline", Metric: "peak", Reference: &highwater.Summary{}, Verdict: highwater.VerdictPass},
			{Check: "baseline", Metric: "footprint", Reference: &highwater.Summary{}, Verdict: highwater.VerdictInconclusive},
			{Check: "outcome", Verdict: highwater.VerdictError},
		}}},
	})
	if r.Comparisons != 2 || len(r.Failed) != 1 || len(r.Inconclusive) != 1 || len(r.Errors) != 1 || r.Scenarios != 1 {
		t.Errorf("%+v", r)
	}
}

// Ten runs share a baseline, also when the series is made in several goes; what has no
// number was made with the only one there was.
func TestBaselines(t *testing.T) {
	var done []result
	for range 25 {
		done = append(done, result{Baseline: baselineOf(done, 10)})
	}
	for i, want := range map[int]int{0: 1, 9: 1, 10: 2, 19: 2, 20: 3, 24: 3} {
		if got := done[i].Baseline; got != want {
			t.Errorf("run %d has baseline %d, want %d", i+1, got, want)
		}
	}
	if got := baselineOf(make([]result, 124), 10); got != 2 {
		t.Errorf("baseline %d after a series with one, want 2", got)
	}
	if got := baselineOf(done, 3); got != 4 {
		t.Errorf("baseline %d when fewer are to share one, want 4", got)
	}
	var b strings.Builder
	summarise(&b, done)
	if !strings.Contains(b.String(), "against 3 baselines") {
		t.Errorf("the summary does not say how many baselines there were:\n%s", b.String())
	}
}
