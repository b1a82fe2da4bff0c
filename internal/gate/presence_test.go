package gate

import (
	"math"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestAllGood(t *testing.T) {
	rep := Judge(bench{names: []string{"a", "b"}}.run(), nil, Policy{})
	wantExit(t, rep, highwater.VerdictPass, highwater.ExitOK)
	if len(rep.Rows) != 2 || len(findings(rep, CheckLimit, highwater.Peak)) != 2 {
		t.Errorf("%d rows, want 2 with a finding on each limit that was judged", len(rep.Rows))
	}
	row := rep.Rows[0]
	// The processes of the fixture all start when the run does and take half a
	// second: side by side they are half a second by the clock.
	if row.Seconds != 3 || rep.Seconds != 0.5 {
		t.Errorf("seconds %v and %v, want 3 spent on the row and 0.5 by the clock", row.Seconds, rep.Seconds)
	}
	if got := len(row.Summaries); got != len(highwater.Metrics()) {
		t.Errorf("%d summaries, want one for each of %d metrics", got, len(highwater.Metrics()))
	}
	if s := row.Summaries[highwater.Peak]; s.Center != 1.2e6 || s.N != 2 || s.High-s.Low > 0.03*s.Center {
		t.Errorf("peak %+v: two equal repeats want a narrow interval", s)
	}
}

// TestOutcomes: every way to end badly is an error that says which.
func TestOutcomes(t *testing.T) {
	for status, detail := range map[highwater.Status]string{
		highwater.StatusFailed:   "the screen is wrong",
		highwater.StatusPanicked: "panic: index out of range (vt.go:12)",
		highwater.StatusExited:   "exited with status 3 before the measurement was complete",
		highwater.StatusKilled:   "was killed by a signal: segmentation fault",
		highwater.StatusTimeout:  "was still running after 2m0s and was ended",
		highwater.StatusMemory:   "reached 2.10 GB of resident memory, over its ceiling of 2.00 GB, and was ended",
		highwater.StatusNoStart:  "could not be run: no such file",
		"unheard-of":             "did something new",
		"":                       "",
	} {
		t.Run(string(status), func(t *testing.T) {
			run := bench{names: []string{"a", "b"}}.run()
			edit(run, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
				m.Outcome = highwater.Outcome{Status: status, Detail: detail}
				m.Values = nil
			})
			rep := Judge(run, nil, Policy{})
			wantExit(t, rep, highwater.VerdictError, highwater.ExitError)
			f := one(t, rep, CheckOutcome, "")
			want(t, f, highwater.VerdictError, "exact pass", detail, "(2 times)")
			if hints[status] == "" && status != "" && status != "unheard-of" {
				t.Errorf("no hint for %s", status)
			}
			if len(findings(rep, CheckPresence, "")) != 0 {
				t.Error("what a failed process did not yield is reported again")
			}
			// What the other passes and the other scenario yielded is kept.
			if s := rep.Rows[0].Summaries[highwater.Allocs]; s.N != 2 {
				t.Errorf("allocs of the good pass: %+v", s)
			}
			if _, ok := rep.Rows[0].Summaries[highwater.Peak]; ok {
				t.Error("a figure was taken from a process that did not end well")
			}
			if rep.Rows[1].Verdict != highwater.VerdictPass {
				t.Errorf("the other scenario: %s", rep.Rows[1].Verdict)
			}
		})
	}
}

// TestOutcomeWithSites: a process that ran out of memory names who took it.
func TestOutcomeWithSites(t *testing.T) {
	run := bench{}.run()
	edit(run, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
		m.Outcome = highwater.Outcome{Status: highwater.StatusMemory, Detail: "reached 2 GB"}
		m.Sites = []highwater.Site{site("a.org/x.hoard", 1.9e9, 0.95)}
		m.Profile = "a.pb.gz"
	})
	p := Policy{Dir: "/runs/r 1"}
	f := findings(Judge(run, nil, p), CheckOutcome, "")[0]
	want(t, f, highwater.VerdictError, "reached 2 GB", "95 % of the peak is held by x.hoard (x.go:7)")
	if len(f.Evidence) != 1 || f.Fingerprint == "" || f.Command != "go tool pprof -http=: '/runs/r 1/a.pb.gz'" {
		t.Errorf("evidence %v, command %q", f.Evidence, f.Command)
	}
}

func TestPresence(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*highwater.Run)
		metric  string
		verdict highwater.Verdict
		row     highwater.Verdict
		words   string
	}{
		"a metric is absent": {func(r *highwater.Run) {
			edit(r, "s/a", highwater.PassNatural, func(m *highwater.Measurement) { delete(m.Values, highwater.Efficiency) })
		}, highwater.Efficiency, highwater.VerdictError, highwater.VerdictError, "was not measured"},
		"a metric is not a number": {func(r *highwater.Run) {
			edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Values[highwater.Peak] = math.NaN() })
		}, highwater.Peak, highwater.VerdictError, highwater.VerdictError, "was not measured"},
		"a metric is absent in one repeat": {func(r *highwater.Run) {
			edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
				if m.Repeat == 1 {
					delete(m.Values, highwater.Peak)
				}
			})
		}, highwater.Peak, highwater.VerdictError, highwater.VerdictError, "1 of 2 processes"},
		"a figure of the wrong pass": {func(r *highwater.Run) {
			edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) { delete(m.Values, highwater.Peak) })
			edit(r, "s/a", highwater.PassNatural, func(m *highwater.Measurement) { m.Values[highwater.Peak] = 1 })
		}, highwater.Peak, highwater.VerdictError, highwater.VerdictError, "was not measured"},
		"a pass was not run": {func(r *highwater.Run) {
			drop(r, func(m highwater.Measurement) bool { return m.Pass == highwater.PassCollector })
		}, "", highwater.VerdictError, highwater.VerdictError, "collector pass was not run"},
		"a scenario was not run": {func(r *highwater.Run) {
			drop(r, func(highwater.Measurement) bool { return true })
		}, "", highwater.VerdictError, highwater.VerdictError, "not measured at all"},
		"unsupported, and nobody asked": {func(r *highwater.Run) {
			edit(r, "s/a", highwater.PassNatural, func(m *highwater.Measurement) {
				delete(m.Values, highwater.Footprint)
				m.Unsupported = map[string]string{highwater.Footprint: "no VmHWM on this system"}
			})
		}, highwater.Footprint, highwater.VerdictUnsupported, highwater.VerdictPass, "no VmHWM"},
		"unsupported, with a limit": {func(r *highwater.Run) {
			edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
				delete(m.Values, highwater.FDs)
				m.Unsupported = map[string]string{highwater.FDs: "no /proc on this system"}
			})
		}, highwater.FDs, highwater.VerdictUnsupported, highwater.VerdictUnsupported, "no /proc"},
	} {
		t.Run(name, func(t *testing.T) {
			run := bench{}.run()
			c.change(run)
			rep := Judge(run, nil, Policy{})
			want(t, one(t, rep, CheckPresence, c.metric), c.verdict, c.words)
			if rep.Rows[0].Verdict != c.row {
				t.Errorf("row: %s, want %s", rep.Rows[0].Verdict, c.row)
			}
			if exit := map[bool]int{true: highwater.ExitError}[c.row == highwater.VerdictError]; rep.Exit != exit {
				t.Errorf("exit %d, want %d", rep.Exit, exit)
			}
		})
	}
}

func TestOmittedPass(t *testing.T) {
	run := bench{}.run()
	run.Scenarios[0].Omit = map[highwater.Pass]string{highwater.PassCollector: "it sets GOGC itself"}
	drop(run, func(m highwater.Measurement) bool { return m.Pass == highwater.PassCollector })
	rep := Judge(run, nil, Policy{})
	wantExit(t, rep, highwater.VerdictPass, highwater.ExitOK)
	if notes := strings.Join(rep.Rows[0].Notes, "\n"); !strings.Contains(notes, "gc_pressure") || !strings.Contains(notes, "it sets GOGC itself") {
		t.Errorf("notes %q, want the limit that was not applied, and why", notes)
	}
}

func TestRunsThatHoldNothing(t *testing.T) {
	for name, run := range map[string]*highwater.Run{"nil": nil, "empty": {}} {
		rep := Judge(run, nil, Policy{})
		if rep.Exit != highwater.ExitError || rep.Verdict != highwater.VerdictError || !strings.Contains(rep.Findings[0].Reason, "no scenarios") {
			t.Errorf("%s run: exit %d, %+v", name, rep.Exit, rep.Findings)
		}
		if rep := Judge(run, bench{}.run(), Policy{}); rep.Exit != highwater.ExitError {
			t.Errorf("%s run against a baseline: exit %d", name, rep.Exit)
		}
	}
	run := bench{}.run()
	run.Scenarios = append(run.Scenarios, run.Scenarios[0])
	run.Measurements = append(run.Measurements, highwater.Measurement{Scenario: "s/stranger"})
	rep := Judge(run, nil, Policy{})
	if len(rep.Rows) != 1 || len(rep.Findings) != 2 || rep.Exit != highwater.ExitError {
		t.Errorf("a damaged run: %d rows, exit %d, %+v", len(rep.Rows), rep.Exit, rep.Findings)
	}
}
