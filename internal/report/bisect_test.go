package report

import (
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/bisect"
)

// answered is an answer with everything in it.
func answered() bisect.Document {
	one := bisect.Commit{Hash: strings.Repeat("1", 40), Author: "An Author", Date: time.Unix(1_700_000_000, 0).UTC(), Subject: "lines have room"}
	other := bisect.Commit{Hash: strings.Repeat("2", 40), Subject: "does not build"}
	d := bisect.Difference{Scenario: "m/BenchmarkInsert", Metric: highwater.Peak, Before: 1e6, After: 1.05e6, Change: 0.05, Low: 0.049, High: 0.051}
	return bisect.Document{
		Conclusion: "1111111 is the first bad commit", Scenario: d.Scenario, Metric: d.Metric, Commits: 8, Confidence: 0.999999,
		Good: other, Bad: one, First: &one, Ends: []bisect.Difference{d}, Change: &d,
		Findings: []highwater.Finding{{Evidence: []highwater.SiteChange{{
			Site: highwater.Site{Where: highwater.Frame{Func: "m.(*Buffer).Insert", File: "/m/buffer.go", Line: 7}}, Before: 1000, After: 2000, Share: 1,
			Hunk: &highwater.Hunk{File: "buffer.go", After: 7, Lines: []string{"-\tmake([]byte, 1)", "+\tmake([]byte, 2)"}},
		}}}},
		Steps:   []bisect.Measured{{Commit: one.Hash, Subject: one.Subject, Values: []float64{1.05e6, 1.07e6}, Good: []float64{1e6, 1e6}}},
		Skipped: []bisect.Skipped{{Commit: other.Hash, Subject: other.Subject, Reason: "building the tests failed"}},
		Builds:  3, Processes: 12, Took: 61 * time.Second,
	}
}

func paperText(t *testing.T, d bisect.Document) string {
	t.Helper()
	var b strings.Builder
	if err := BisectPaper(d).Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestBisectPaper(t *testing.T) {
	text := paperText(t, answered())
	for _, want := range []string{
		"1111111 is the first bad commit\n", "author An Author\n", "1.00 MB → 1.05 MB, +5.0 % (+4.9 % to +5.1 %)",
		"confidence that it is this commit: 99.99 %", "m.(*Buffer).Insert (buffer.go:7)", "    + make([]byte, 2)\n",
		"12 processes, 3 commits built, 1m1s", "1.06 MB", "2222222 does not build: building the tests failed",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	d := answered()
	d.Between = []bisect.Commit{{Hash: strings.Repeat("3", 40), Subject: "between"}}
	for _, want := range []string{"3333333  between", "1111111  lines have room", "it is one of these: 99.99"} {
		if text := paperText(t, d); !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	// Without an answer there is what was measured.
	if text := paperText(t, bisect.Document{Conclusion: "nothing to find"}); text != "nothing to find\n" {
		t.Errorf("got %q", text)
	}
}

// Nothing of a commit's message, author or reason moves a cursor or becomes markup.
func TestBisectPaperHostile(t *testing.T) {
	const hostile = "\x1b[2J<script>alert(1)</script>\r\n| x |"
	d := answered()
	d.First.Subject, d.First.Author, d.Skipped[0].Reason, d.Conclusion, d.Steps[0].Subject = hostile, hostile, hostile, hostile, hostile
	for _, format := range PaperFormats {
		var b strings.Builder
		if err := BisectPaper(d).Write(&b, format); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\x1b\r") || format != "text" && strings.Contains(b.String(), "<script>alert") {
			t.Errorf("%s:\n%s", format, b.String())
		}
	}
}
