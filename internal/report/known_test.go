package report

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// knownSample has a regression that is accepted.
func knownSample() *highwater.Report {
	r := newReport()
	row := measured(r, terminal("scrollback", "midterm"), 217_000, insertLine)
	fail(r, row, highwater.Finding{
		Metric: highwater.Peak, Check: "baseline", Verdict: highwater.VerdictWarn,
		Reason: "+1.2 MB peak (+35 %) in scrollback", Known: "known until 2027-01-31: the cache is to go (highwater.yml:7)",
	})
	r.Run.Skipped = []highwater.Skipped{{Scenario: "example.com/m/slow", Reason: "needs a database (highwater.yml:3)"}}
	return r
}

// Known regressions stand apart from what is to be acted on, and what was skipped is
// listed with its reason.
func TestKnownAndSkipped(t *testing.T) {
	r := knownSample()
	var text, markdown strings.Builder
	if err := (Text{}).Render(&text, r); err != nil {
		t.Fatal(err)
	}
	if err := (Markdown{}).Render(&markdown, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\nknown regressions, which do not fail the gate\n  +1.2 MB peak (+35 %) in scrollback\n    known until 2027-01-31: the cache is to go (highwater.yml:7)\n",
		"\nnot measured\n  skipped: needs a database (highwater.yml:3) (example.com/m/slow)\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "\nfindings\n") {
		t.Errorf("what is known is among the findings:\n%s", text.String())
	}
	for _, want := range []string{"### Known regressions", "the cache is to go", "skipped: needs a database"} {
		if !strings.Contains(markdown.String(), want) {
			t.Errorf("%q is not in\n%s", want, markdown.String())
		}
	}
}

// What is to know of acceptances is said in every format that says anything of findings: an
// entry that is for nothing, and one that is past.
func TestNotesInEveryFormat(t *testing.T) {
	const stranger, ending = "no scenario of this run is one that a known regression is for: highwater.yml:12", "the known regression (highwater.yml:7) ends on 2027-01-31"
	const past = "it was known until 2020-01-31, which is past (--label): by design"
	r := knownSample()
	r.Notes = []string{stranger}
	r.Rows[0].Notes = append(r.Rows[0].Notes, ending)
	row := measured(r, terminal("unicode_wide", "midterm"), 217_000, insertLine)
	fail(r, row, highwater.Finding{Metric: highwater.Peak, Check: "baseline", Verdict: highwater.VerdictFail, Reason: "+1.2 MB peak; " + past})
	escapes := strings.NewReplacer(`\_`, "_", "&#x2d;", "-", "&#39;", "'", "\n", " ", `\(`, "(")
	for _, format := range Names() {
		if format == "bench" {
			continue // it has measurements only
		}
		reporter, err := ByName(format, Options{})
		if err != nil {
			t.Fatal(err)
		}
		out := strings.Join(strings.Fields(escapes.Replace(render(t, reporter, r))), " ")
		for _, want := range []string{stranger, ending, past} {
			if !strings.Contains(out, want) {
				t.Errorf("%s lacks %q", format, want)
			}
		}
	}
}
