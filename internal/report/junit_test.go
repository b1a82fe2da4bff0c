package report

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func decodeJUnit(t *testing.T, r *highwater.Report) junitSuites {
	t.Helper()
	var all junitSuites
	if err := xml.Unmarshal([]byte(render(t, JUnit{Locate: inMidterm}, r)), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// Every verdict has its place, and none but pass, new and warn counts as passed.
func TestJUnitVerdicts(t *testing.T) {
	for _, c := range []struct {
		verdict highwater.Verdict
		exit    int
		want    string
	}{
		{highwater.VerdictPass, 0, "passed"},
		{highwater.VerdictNew, 0, "passed"},
		{highwater.VerdictWarn, 0, "passed"},
		{highwater.VerdictUnjudged, 0, "skipped"},
		{highwater.VerdictUnsupported, 0, "skipped"},
		{highwater.VerdictFail, 1, "failure"},
		{highwater.VerdictMissing, 1, "failure"},
		{highwater.VerdictInconclusive, 2, "error"},
		{highwater.VerdictError, 2, "error"},
		{"a stranger's", 2, "error"},
		// The policy lets it pass: the build does not fail here either.
		{highwater.VerdictFail, 0, "skipped"},
		{highwater.VerdictInconclusive, 0, "skipped"},
	} {
		r := newReport()
		row := measured(r, terminal("scrollback", "midterm"), 1000, insertLine)
		row.Verdict, r.Verdict, r.Exit = c.verdict, c.verdict, c.exit
		row.Findings = append(row.Findings, highwater.Finding{Scenario: row.Scenario.ID(), Check: "limit", Verdict: c.verdict, Reason: "said so"})
		all := decodeJUnit(t, r)
		got := "passed"
		switch one := all.Suites[0].Cases[0]; {
		case one.Failure != nil && all.Failures == 1 && one.Failure.Message == "said so":
			got = "failure"
		case one.Error != nil && all.Errors == 1 && strings.Contains(one.Error.Text, "said so"):
			got = "error"
		case one.Skipped != nil && all.Skipped == 1:
			got = "skipped"
		}
		if got != c.want || all.Tests != 1 {
			t.Errorf("%s with exit status %d is %s, want %s", c.verdict, c.exit, got, c.want)
		}
	}
}

func TestJUnitCases(t *testing.T) {
	r := sampleBaseline()
	all := decodeJUnit(t, r)
	total, _ := counts(r)
	if all.Tests != total {
		t.Errorf("%d test cases, want one for each of %d scenarios", all.Tests, total)
	}
	var seen junitCase
	for _, s := range all.Suites {
		for _, c := range s.Cases {
			if c.Name == "scrollback@midterm" {
				seen = c
			}
		}
	}
	if seen.Failure == nil || seen.File != "vt/screen.go" || seen.Line != 88 || seen.Class != "terminal_operations" {
		t.Fatalf("%+v", seen)
	}
	for _, want := range []string{"peak is +42 % against the baseline", "midterm.(*Screen).insertLine screen.go:88", "hint: lines are kept", "see: go tool pprof"} {
		if !strings.Contains(seen.Failure.Message+seen.Failure.Text, want) {
			t.Errorf("%q is not in %q", want, seen.Failure.Text)
		}
	}
	// A process that died shows its last words.
	if out := render(t, JUnit{}, sampleErrors()); !strings.Contains(out, "| panic: runtime error") {
		t.Errorf("no last words in\n%s", out)
	}
	// A report without rows is an error, too.
	if all := decodeJUnit(t, samples()["empty"]); all.Errors != 1 || all.Tests != 1 {
		t.Errorf("%+v", all)
	}
}
