package gate

import (
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// sides are two sides of s/a and s/b with the repeats, measured in turn. The sustained
// memory of s/a scatters, and is larger than it was by the change; what s/b allocates
// is worse by the factor.
func sides(repeats int, scatter, change, worse float64) *highwater.Report {
	b := bench{names: []string{"a", "b"}, repeats: repeats}
	base, head := b.run(), b.run()
	for _, r := range []*highwater.Run{base, head} {
		edit(r, "s/a", highwater.PassExact, func(m *highwater.Measurement) {
			sign := float64(2*(m.Repeat%2) - 1)
			m.Values[highwater.Sustained] *= 1 + sign*scatter
		})
		r.Source = &highwater.Source{}
	}
	edit(head, "s/a", highwater.PassExact, func(m *highwater.Measurement) { m.Values[highwater.Sustained] *= change })
	edit(head, "s/b", highwater.PassNatural, func(m *highwater.Measurement) { m.Values[highwater.AllocBytes] *= worse })
	return Judge(head, base, turned)
}

var turned = Policy{Interleaved: true, Budget: 10, Limits: func(highwater.ScenarioInfo) []highwater.Limit { return nil }}

func wants(r *highwater.Report, id string) bool {
	return slices.ContainsFunc(NeedsBoth(r, turned), func(n Need) bool { return n.Scenario == id })
}

func compared(t *testing.T, r *highwater.Report, metric, id string) highwater.Finding {
	t.Helper()
	for _, f := range findings(r, CheckBaseline, metric) {
		if f.Scenario == id {
			return f
		}
	}
	t.Fatalf("%s of %s was not compared", metric, id)
	return highwater.Finding{}
}

// Once the gate has failed for certain, what is open gets no more than confirms a
// failure; and stays open.
func TestGivesUpAfterFailure(t *testing.T) {
	for _, c := range []struct {
		repeats int
		worse   float64
		more    bool
	}{
		{2, 1, true}, {4, 1, true}, // nothing has failed
		{2, 2, true},  // the failure is not confirmed
		{4, 2, false}, // it is
	} {
		r := sides(c.repeats, 0.03, 1.07, c.worse)
		f := compared(t, r, highwater.Sustained, "s/a")
		if f.Verdict != highwater.VerdictInconclusive {
			t.Fatalf("%+v: %s, want what is open: %s", c, f.Verdict, f.Reason)
		}
		if got := wants(r, "s/a"); got != c.more {
			t.Errorf("%+v: more repeats: %v", c, got)
		}
		if told := strings.Contains(f.Hint, "no more were spent on it"); told == c.more {
			t.Errorf("%+v: the hint is %q", c, f.Hint)
		}
	}
	// A failure that the exit status does not count is none.
	lenient := turned
	lenient.FailOn = highwater.SeverityCritical
	r := sides(4, 0.03, 1.07, 1.15)
	if f := compared(t, r, highwater.AllocBytes, "s/b"); f.Verdict != highwater.VerdictFail || f.Severity != highwater.SeverityWarning {
		t.Fatalf("%s %s, want a warning that fails", f.Verdict, f.Severity)
	}
	if !slices.ContainsFunc(NeedsBoth(r, lenient), func(n Need) bool { return n.Scenario == "s/a" }) {
		t.Error("a failure that is let pass ends the repeats of others")
	}
}

// What all of the budget would not settle is given up after as many as confirm a
// failure, and is not a pass.
func TestGivesUpOutOfReach(t *testing.T) {
	for _, c := range []struct {
		repeats int
		more    bool
	}{{2, true}, {4, false}, {6, false}} {
		r := sides(c.repeats, 0.5, 1.1, 1)
		f := compared(t, r, highwater.Sustained, "s/a")
		if f.Verdict != highwater.VerdictInconclusive || r.Exit != highwater.ExitError {
			t.Fatalf("%+v: %s, exit %d", c, f.Verdict, r.Exit)
		}
		if got := wants(r, "s/a"); got != c.more {
			t.Errorf("%+v: more repeats: %v (%s)", c, got, f.Hint)
		}
	}

	// Where what is open passes, it has all of the budget: more repeats may fail it.
	lenient := turned
	lenient.AllowInconclusive = true
	if r := sides(4, 0.5, 1.1, 1); !slices.ContainsFunc(NeedsBoth(r, lenient), func(n Need) bool { return n.Scenario == "s/a" }) {
		t.Error("with --allow-inconclusive something is given up, and passes")
	}
}
