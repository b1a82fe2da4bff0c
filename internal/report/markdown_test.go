package report

import (
	"regexp"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestMarkdownGolden(t *testing.T) {
	for sample, r := range samples() {
		golden(t, sample+".md", render(t, Markdown{}, r))
	}
}

var (
	spans  = regexp.MustCompile("`[^`]*`")
	blocks = regexp.MustCompile("(?s)    ```diff\n.*?\n    ```\n")
	tags   = regexp.MustCompile(`</?(details|summary|br)>`)
)

// Outside of code nothing from a report is anything but text, and every line of
// a table has the columns of its head.
func TestMarkdownIsSafe(t *testing.T) {
	all := everySample()
	all["many"] = sampleMany(500)
	for sample, r := range all {
		out := render(t, Markdown{}, r)
		if c, bad := unsafe(strings.NewReplacer("\n", "", "\u2060", "").Replace(out)); bad {
			t.Errorf("%s: %U in the output", sample, c)
		}
		// In a block all is code up to its end, which nothing but a backtick makes.
		for _, block := range blocks.FindAllString(out, -1) {
			if strings.Count(block, "`") != 6 {
				t.Errorf("%s: a block that its content ends: %s", sample, block)
			}
		}
		out = blocks.ReplaceAllString(out, "")
		if text := spans.ReplaceAllString(out, ""); strings.Count(text, "<details>") != strings.Count(text, "</details>") {
			t.Errorf("%s: a fold is not closed", sample)
		}
		columns := 0
		for l := range strings.Lines(out) {
			text := spans.ReplaceAllString(l, "CODE")
			bare := strings.ReplaceAll(text, `\|`, "")
			if strings.Contains(bare, "`") {
				t.Errorf("%s: a code span is open: %s", sample, l)
			}
			if m := acts.FindString(bare); m != "" {
				t.Errorf("%s: %q in %s", sample, m, l)
			}
			if rest := tags.ReplaceAllString(bare, ""); strings.ContainsAny(rest, "<>") {
				t.Errorf("%s: a tag in %s", sample, l)
			}
			if !strings.HasPrefix(l, "|") {
				columns = 0
				continue
			}
			if n := strings.Count(bare, "|"); columns == 0 {
				columns = n
			} else if n != columns {
				t.Errorf("%s: %d columns, want %d: %s", sample, n, columns, l)
			}
		}
	}
}

func TestMarkdownIsBounded(t *testing.T) {
	long := strings.Repeat("&|<`_@x", 20_000)
	huge := sampleMany(1000)
	huge.BaseName, huge.RunID, huge.Env.CPU = long, long, strings.Repeat("\U0001F600", 9000)
	for i := range huge.Rows {
		row := &huge.Rows[i]
		row.Scenario.Name, row.Scenario.Suite, row.Notes = long[i:], long, []string{long}
		for j := range row.Findings {
			row.Findings[j].Reason, row.Findings[j].Hint = long, long
		}
	}
	huge.Mismatches = []highwater.Mismatch{{Condition: long, Here: long, Baseline: long}}
	marks := samplePass()
	marks.Rows[0].Scenario.Name = "e" + strings.Repeat("\u0301", 200_000)
	for sample, r := range map[string]*highwater.Report{"many": sampleMany(500), "more": sampleMany(2000), "huge": huge, "marks": marks} {
		out := render(t, Markdown{}, r)
		if len(out) >= 65_536 {
			t.Errorf("%s: %d bytes", sample, len(out))
		}
		if sample != "marks" && !strings.Contains(out, "left out for length") {
			t.Errorf("%s: nothing is said to be left out", sample)
		}
		if !strings.Contains(out, "Environment</summary>") {
			t.Errorf("%s: the environment is missing", sample)
		}
	}
}

// The verdict stands first and the worst finding before the others, whatever is
// cut.
func TestMarkdownOrder(t *testing.T) {
	out := render(t, Markdown{}, sampleBaseline())
	last := -1
	for _, want := range []string{"## ❌ fail: memory of 7 scenarios", "| `terminal_operations/scrollback@midterm` | ❌ fail |", "### Findings", "- **❌ fail** `terminal", "- **❌ missing**", "- **❔ inconclusive**", "- **⚠️ warn**", "differ from the baseline", "2 scenarios passed</summary>", "Environment</summary>"} {
		at := strings.Index(out, want)
		if at <= last {
			t.Errorf("%q is missing or in the wrong place in\n%s", want, out)
		}
		last = at
	}
}
