package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func linked(revision, file string, line int) string {
	return fmt.Sprintf("https://forge.example/o/r/blob/%s/%s#L%d", revision, file, line)
}

var comment = Comment{Locate: inMidterm, Links: linked, Marker: "<!-- highwater -->"}

// betterSample has something of everything that a comment tells.
func betterSample() *highwater.Report {
	r := sampleBaseline()
	row := measured(r, terminal("alternate_screen", "midterm"), 90_000, insertLine)
	s := row.Summaries[highwater.Peak]
	ref := s
	ref.Center = 180_000
	fail(r, row, highwater.Finding{
		Metric: highwater.Peak, Check: "baseline", Verdict: highwater.VerdictPass, Observed: &s, Reference: &ref, Change: -0.5, ChangeLow: -0.51, ChangeHigh: -0.49,
		Threshold: &highwater.Threshold{Relative: 0.1, Floor: 65536}, Reason: "peak is half of what it was",
	})
	r.Notes = []string{"no scenario here is one that the known regression of highwater.yml:12 is for"}
	r.Run.Command = []string{"highwater", "gates", "./...", "--base", "main", "--output", "gates.json", "--format=markdown", "-q", "--bench", "Screen|Line"}
	return r
}

func TestCommentGolden(t *testing.T) {
	golden(t, "comment.md", render(t, comment, betterSample()))
	golden(t, "comment-pass.md", render(t, comment, samplePass()))
}

func TestCommentSays(t *testing.T) {
	out := render(t, comment, betterSample())
	last := -1
	for _, want := range []string{
		"<!-- highwater -->\n## ❌ fail: memory of 8 scenarios",
		"### Not measured, and why\n", "**❌ missing**",
		"### Worse\n", "| `terminal_operations/scrollback@midterm` | peak | 325 KB | 461 KB | **+42 %** | +41 % … +43 % | ❌ fail, critical, live growth |",
		"### Lines responsible\n", "+90.0 KB, 67 %: [`midterm.(*Screen).insertLine` `screen.go:88`](https://forge.example/o/r/blob/0123abcdef/vt/screen.go#L88)",
		"### Better\n", "| `terminal_operations/alternate_screen@midterm` | peak | 180 KB | 90.0 KB | **-50 %** | -51 % … -49 % | ✅ better |",
		"### Notes\n\n- no scenario here is one that",
		"```sh\ngit checkout 0123abcdef && highwater gates ./... --base main --bench 'Screen|Line'\n```",
		"unchanged or within their limits</summary>",
	} {
		at := strings.Index(out, want)
		if at <= last {
			t.Errorf("%q is missing or in the wrong place in\n%s", want, out)
		}
		last = at
	}
	if n := strings.Count(out, "no scenario here is one that"); n != 1 {
		t.Errorf("the note stands there %d times", n)
	}
	// Of several runs each that does not pass has its line, at a commit that no branch of a
	// laptop may have.
	r := betterSample()
	r.Env.Revision = strings.Repeat("ab", 20)
	r.Commands = [][]string{{"highwater", "gates", "./a"}, {"highwater", "gates", "./b", "-o", "x"}}
	lines := render(t, comment, r)
	for _, pkg := range []string{"./a", "./b"} {
		if want := "```sh\ngit fetch origin " + r.Env.Revision + "; git checkout " + r.Env.Revision + " && highwater gates " + pkg + "\n```\n"; !strings.Contains(lines, want) {
			t.Errorf("%q is not in\n%s", want, lines)
		}
	}
	// What has become a little better, or perhaps, is not told of.
	if strings.Contains(out, "**-0.4 %**") {
		t.Error("noise is told of")
	}
	// A limit has two values, too.
	if out := render(t, comment, sampleEngines()); !strings.Contains(out, "### Over the limit\n") || !strings.Contains(out, "| peak | 3 MB | 17.8 MB | **+494 %** | ❌ fail, critical |") {
		t.Error(out)
	}
}

// addresses are what the links lead to.
var addresses = regexp.MustCompile(`([^\\])\]\(([^)]*)\)`)

// Whatever the report holds: within the bounds, nothing but text and links of ours, and
// no fold, code or table that is left open.
func TestCommentIsSafe(t *testing.T) {
	all := everySample()
	all["500"] = sampleMany(500)
	all["better"] = betterSample()
	long := strings.Repeat("n`|<@x\u202e", 2000)
	huge := sampleMany(120)
	for i := range huge.Rows {
		row := &huge.Rows[i]
		row.Scenario.Name = long
		for j := range row.Findings {
			f := &row.Findings[j]
			f.Scenario, f.Reason, f.Hint = row.Scenario.ID(), long, long
			f.Reference = f.Observed
		}
	}
	huge.Run.Command = []string{"highwater", long, "--", "--output", long}
	huge.Notes = []string{long, long}
	all["huge"] = huge
	hostile := Comment{Marker: "<!-- highwater -->", Links: linked, Locate: func(f highwater.Frame) (string, bool) { return "a(b) c.go", f.Line > 0 }}
	for sample, r := range all {
		places := []Comment{comment, hostile, {Limit: SummaryLimit}}
		if len(r.Rows) > 100 {
			places = places[1:2]
		}
		for _, c := range places {
			out := render(t, c, r)
			if limit := max(c.Limit, CommentLimit); len(out) > limit {
				t.Errorf("%s: %d bytes, want %d at most", sample, len(out), limit)
			}
			if !strings.HasPrefix(strings.TrimPrefix(out, "<!-- highwater -->\n"), "## ") {
				t.Errorf("%s: the verdict is not first: %.80q", sample, out)
			}
			checkMarkdown(t, sample, strings.TrimPrefix(out, "<!-- highwater -->\n"))
		}
	}
}

// checkMarkdown finds what is more than text.
func checkMarkdown(t *testing.T, sample, out string) {
	t.Helper()
	if c, bad := unsafe(strings.NewReplacer("\n", "", "\u2060", "").Replace(out)); bad {
		t.Errorf("%s: %U in the output", sample, c)
	}
	for _, m := range addresses.FindAllStringSubmatch(spans.ReplaceAllString(out, "CODE"), -1) {
		if !strings.HasPrefix(m[2], "https://forge.example/o/r/blob/") || strings.ContainsAny(m[2], " <>|`") {
			t.Errorf("%s: a link to %s", sample, m[2])
		}
	}
	out = addresses.ReplaceAllString(blocks.ReplaceAllString(shells.ReplaceAllString(out, ""), ""), "$1]")
	text := spans.ReplaceAllString(out, "CODE")
	if strings.Count(text, "<details>") != strings.Count(text, "</details>") {
		t.Errorf("%s: a fold is not closed", sample)
	}
	for l := range strings.Lines(text) {
		bare := strings.ReplaceAll(l, `\|`, "")
		if strings.HasPrefix(strings.TrimSpace(bare), "/") {
			t.Errorf("%s: GitLab would take it for a command: %.200q", sample, l)
		}
		if rest := tags.ReplaceAllString(bare, ""); strings.ContainsAny(rest, "<>`") || acts.MatchString(bare) {
			t.Errorf("%s: more than text: %.200q", sample, l)
		}
	}
}

var shells = regexp.MustCompile("(?s)\n```sh\n[^\n`]*\n```\n")
