package report

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/highwater-dev/highwater"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func render(t testing.TB, reporter highwater.Reporter, r *highwater.Report) string {
	t.Helper()
	var b strings.Builder
	if err := reporter.Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// golden compares with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make it with go test -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-golden +now):\n%s", path, diff)
	}
}

func TestTextGolden(t *testing.T) {
	for sample, r := range samples() {
		golden(t, sample+".txt", render(t, Text{}, r))
		golden(t, sample+".80.txt", render(t, Text{Width: 80}, r))
	}
	for _, sample := range []string{"baseline", "engines"} {
		golden(t, sample+".120.txt", render(t, Text{Width: 120}, samples()[sample]))
		golden(t, sample+".200.color.txt", render(t, Text{Width: 200, Color: true}, samples()[sample]))
	}
	golden(t, "errors.verbose.txt", render(t, Text{Verbose: true}, sampleErrors()))
	golden(t, "pass.verbose.100.txt", render(t, Text{Width: 100, Verbose: true}, samplePass()))
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Whatever is in the report, a pipe gets text without any control character and
// a terminal nothing but colours.
func TestTextIsSafe(t *testing.T) {
	for sample, r := range everySample() {
		for _, text := range []Text{{}, {Verbose: true}, {Color: true, Verbose: true}, {Width: 80, Verbose: true}, {Width: 120}, {Width: 80, Color: true, Verbose: true}, {Width: 1, Color: true}} {
			out := render(t, text, r)
			if text.Color && text.Width > 0 {
				colorless := sgr.ReplaceAllString(out, "")
				if colorless == out {
					t.Errorf("%s %+v: no colour", sample, text)
				}
				out = colorless
			}
			if c, bad := unsafe(strings.ReplaceAll(out, "\n", "")); bad {
				t.Errorf("%s %+v: %U in the output", sample, text, c)
			}
			if strings.Contains(out, "%!") {
				t.Errorf("%s %+v: a broken format:\n%s", sample, text, out)
			}
		}
	}
}

// Only what is there to be copied whole may be wider than the terminal.
func TestTextFitsTheTerminal(t *testing.T) {
	for sample, r := range everySample() {
		for _, width := range []int{80, 100, 120, 200} {
			for _, verbose := range []bool{false, true} {
				out := render(t, Text{Width: width, Verbose: verbose}, r)
				for l := range strings.Lines(out) {
					l = strings.TrimRight(l, "\n")
					copied := strings.Contains(l, "go tool pprof") || strings.Contains(l, "/run.json") || strings.HasPrefix(l, "  profile") || strings.HasPrefix(l, "  see:") || strings.HasSuffix(out, l+"\n")
					if w := lipgloss.Width(l); w > width && !copied {
						t.Errorf("%s at %d: %d columns: %s", sample, width, w, l)
					}
				}
			}
		}
	}
}

// Colour and width change how a report looks and not what it says.
func TestTextSaysEverything(t *testing.T) {
	for _, width := range []int{0, 80, 120, 200} {
		out := render(t, Text{Width: width}, sampleBaseline())
		for _, want := range []string{
			"scrollback", "midterm.(*Screen).insertLine", "screen.go:88", "61 %", // the table
			"3 MB / 2.5 MB / 0.80", "fail", "critical, live growth", "peak is +42 % against the baseline",
			"+90.0 KB", "31.0 KB → 121 KB", "(new)", "67 %", "lines are kept", "go tool pprof -diff_base",
			"unicode_wide", "missing", "--allow-missing", "kernel", "6.1.0", "footprint not comparable", "of no matter",
			"no counterpart in the baseline", "7 scenarios: 1 fail, 1 missing, 1 inconclusive, 1 warn, 1 new, 2 pass", "/runs/20260304-050607-0a1b2c/run.json",
		} {
			if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
				t.Errorf("at width %d %q is missing in\n%s", width, want, out)
			}
		}
		// The worst comes first.
		last := -1
		for _, verdict := range []string{"\nfail ", "\nmissing ", "\ninconclusive ", "\nwarn "} {
			at := strings.Index(out[strings.Index(out, "\nfindings"):], verdict)
			if at <= last {
				t.Errorf("at width %d %q is in the wrong place in\n%s", width, verdict, out)
			}
			last = at
		}
	}
}

func TestTextOfManyScenarios(t *testing.T) {
	out := render(t, Text{}, sampleMany(500))
	if n := strings.Count(out, "BenchmarkOfSomething"); n < 500 {
		t.Errorf("%d names, want one for each scenario at least", n)
	}
	if !strings.Contains(out, "500 scenarios: ") {
		t.Error("no summary")
	}
}

// A verdict that only a third party's check knows is shown, as a problem.
func TestTextOfUnknownVerdict(t *testing.T) {
	r := samplePass()
	fail(r, &r.Rows[0], highwater.Finding{Check: "theirs", Verdict: "spoiled", Reason: "it smells"})
	out := render(t, Text{}, r)
	if !strings.Contains(out, "spoiled") || !strings.Contains(out, "it smells") {
		t.Errorf("hidden:\n%s", out)
	}
}

func TestShortFunc(t *testing.T) {
	for in, want := range map[string]string{
		"main.main": "main.main", "github.com/vito/midterm.(*Screen).insertLine": "midterm.(*Screen).insertLine",
		"charm.land/lipgloss/v2.Style.Render": "lipgloss.Style.Render", "example.com/a/b.F[example.com/c/d.T]": "b.F[example.com/c/d.T]",
		"gopkg.in/yaml%2ev3.Unmarshal": "yaml.v3.Unmarshal", "example.com/v.F": "v.F", "": "", "/": "", "/v2.x": ".x",
	} {
		if got := shortFunc(in); got != want {
			t.Errorf("shortFunc(%q) = %q, want %q", in, got, want)
		}
	}
}

// One line of source may be reached by several stacks; they count together.
func TestBehindAddsUpStacks(t *testing.T) {
	a, b := insertLine, newParser
	a.Bytes, a.Share, b.Bytes, b.Share = 30, 0.3, 40, 0.4
	l, ok := behind([]highwater.Site{b, a, a})
	if !ok || l.where != a.Where || l.bytes != 60 || l.share != 0.6 {
		t.Errorf("got %+v", l)
	}
}

func TestSmallWords(t *testing.T) {
	peak, _ := highwater.MetricByName(highwater.Peak)
	allocs, _ := highwater.MetricByName(highwater.Allocs)
	for _, c := range []struct{ got, want string }{
		{bound(peak, 3e6), "3 MB"},
		{bound(peak, 2.5e6), "2.5 MB"},
		{bound(peak, 250e3), "250 KB"},
		{bound(allocs, 0.5), "0.50"},
		{change(0.42), "+42 %"},
		{change(-0.004), "-0.4 %"},
		{change(0.064), "+6.4 %"},
		{change(0), "0 %"},
		{change(-0.0001), "0 %"},
		{change(0.1), "+10 %"},
		{percent(0.004), "<1 %"},
		{percent(0), "0 %"},
		{percent(0.614), "61 %"},
		{seconds(0.04), "0.0 s"},
		{seconds(9.94), "9.9 s"},
		{seconds(23.4), "23 s"},
		{seconds(123), "2 min 3 s"},
		{seconds(-1), "?"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
