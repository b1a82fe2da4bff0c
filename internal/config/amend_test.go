package config

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// measured is what the tests add.
var measured = []Measured{{
	Scenario: "suite/name@x", Reason: MeasuredReason + "footprint differs by 9 %", Comment: "measured 2026-11-23",
	Thresholds: []MeasuredThreshold{{highwater.Footprint, "40%|4MiB"}, {highwater.GCPressure, "50%|0.1"}},
}}

// added is the same as it stands in a list with its dashes so far in.
func added(indent int) string {
	return strings.Join(entries(measured, indent), "\n") + "\n"
}

func TestAmend(t *testing.T) {
	for _, c := range []struct{ name, env, before, after string }{
		{"nothing", "", "", "overrides:\n" + added(2)},
		{"comments alone", "", "# ours\n", "# ours\noverrides:\n" + added(2)},
		{
			"settings", "",
			"# ours\n\nscenarios: [a/b]   # the quick one\n\nlimits:\n    peak: 3MB # odd indentation\n\n# the end\n\n\n",
			"# ours\n\nscenarios: [a/b]   # the quick one\n\nlimits:\n    peak: 3MB # odd indentation\n\n# the end\n\noverrides:\n" + added(2),
		},
		{
			"a list", "",
			"overrides:\n    # why\n    - scenario: a/b\n      reason: >\n        a long\n\n        story\n      limits: {peak: 1MB}\n\n# about strict\nstrict: true\n",
			"overrides:\n    # why\n    - scenario: a/b\n      reason: >\n        a long\n\n        story\n      limits: {peak: 1MB}\n" + added(4) + "\n# about strict\nstrict: true\n",
		},
		{
			"a list that is not indented", "",
			"overrides:\n- {scenario: a/b, reason: r, limits: {peak: 1MB}}\nstrict: true\n",
			"overrides:\n- {scenario: a/b, reason: r, limits: {peak: 1MB}}\n" + added(0) + "strict: true\n",
		},
		{
			"an older measurement", "",
			"overrides:\n  - scenario: suite/name@x\n    # measured long ago\n    reason: \"noise: more\"\n    thresholds: {peak: 20%}\n\n  # ours\n  - scenario: suite/name@x\n    reason: ours\n    thresholds: {peak: 30%}\n",
			"overrides:\n\n  # ours\n  - scenario: suite/name@x\n    reason: ours\n    thresholds: {peak: 30%}\n" + added(2),
		},
		{
			"an environment", "ci",
			"environments:\n  ci:\n    strict: true # in the pipeline\n\n  # the other\n  staging: {repeats: 2}\n",
			"environments:\n  ci:\n    strict: true # in the pipeline\n    " + strings.ReplaceAll(strings.TrimSuffix("overrides:\n"+added(2), "\n"), "\n", "\n    ") + "\n\n  # the other\n  staging: {repeats: 2}\n",
		},
		{
			"an environment with a list", "ci",
			"environments:\n  ci:\n    overrides:\n      - {scenario: a/b, reason: r, limits: {peak: 1MB}}\nstrict: true\n",
			"environments:\n  ci:\n    overrides:\n      - {scenario: a/b, reason: r, limits: {peak: 1MB}}\n" + added(6) + "strict: true\n",
		},
		{"line ends of Windows", "", "strict: true\r\n", "strict: true\r\n\r\n" + strings.ReplaceAll("overrides:\n"+added(2), "\n", "\r\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Amend("highwater.yml", []byte(c.before), c.env, measured)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.after {
				t.Errorf("got\n%q\nwant\n%q", got, c.after)
			}
			// Written twice it says the same, and it holds.
			again, err := Amend("highwater.yml", got, c.env, measured)
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse("highwater.yml", again)
			if err != nil {
				t.Fatal(err)
			}
			r, err := f.In(c.env)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Thresholds()("suite/name@x", highwater.Footprint); got != (highwater.Threshold{Relative: 0.4, Floor: 4 << 20}) {
				t.Errorf("the threshold is %s", got)
			}
			if n := strings.Count(string(again), "measured 2026-11-23"); n != 1 {
				t.Errorf("%d measurements of one scenario:\n%s", n, again)
			}
		})
	}
}

// What cannot be amended is refused with what is wrong, and with the lines to put
// there where there is nothing wrong but the layout.
func TestAmendRefuses(t *testing.T) {
	for _, c := range []struct{ name, env, text, want string }{
		{"not YAML", "", "a: [", "not valid YAML"},
		{"wrong", "", "strit: true\n", `highwater.yml:1: unknown key "strit"`},
		{"no such environment", "ci", "strict: true\n", `environment "ci"`},
		{"braces", "", "{strict: true}\n", "footprint: 40%|4MiB"},
		{"brackets", "", "overrides: [{scenario: a/b, reason: r, limits: {peak: 1MB}}]\n", "written in brackets"},
		{"empty brackets", "", "overrides: []\n", "written in brackets"},
		{"environment in braces", "ci", "environments: {ci: {strict: true}}\n", "environment ci is written in braces"},
		{"an alias", "ci", "environments:\n  staging: &s\n    strict: true\n  ci: *s\n", "environment ci"},
		{"a document's end", "", "strict: true\n...\n", "by hand"},
		{"a dash alone", "", "overrides:\n  -\n    scenario: suite/name@x\n    reason: 'noise: x'\n    limits: {peak: 1MB}\n", "by hand"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Amend("highwater.yml", []byte(c.text), c.env, measured)
			if err == nil {
				t.Fatalf("amended:\n%s", got)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v does not say %q", err, c.want)
			}
		})
	}
}

// Names of scenarios come from tests and may hold anything, also what a pattern or
// YAML would make something else of.
func TestAmendNames(t *testing.T) {
	for _, id := range []string{"example.com/m/TestA/sub#01", "s/[x]*?", `s/a\b`, "s/a: b", "s/'\"", "s/tab\tand\x01", "123", "true", "s/ü", "- x/y"} {
		got, err := Amend("f", nil, "", []Measured{{Scenario: id, Reason: MeasuredReason + "x: y # z", Comment: "two\nlines", Thresholds: measured[0].Thresholds}})
		if err != nil {
			t.Errorf("%q: %v", id, err)
			continue
		}
		f, err := Parse("f", got)
		if err != nil {
			t.Errorf("%q: %v", id, err)
			continue
		}
		if !Match(f.Overrides[0].Scenario, id) {
			t.Errorf("%q: the pattern %q does not name it", id, f.Overrides[0].Scenario)
		}
	}
}

// Whatever the file, it is amended so that it says what it said and the new
// thresholds, or refused; [Amend] itself compares the two.
func FuzzAmend(f *testing.F) {
	f.Add("strict: true\nenvironments:\n  ci:\n    strict: false\n", "ci", "s/n")
	f.Add("overrides:\n  - scenario: a/b\n    reason: |\n      x\n     \n    limits: {peak: 1MB}\n", "", "a/b")
	f.Add("# x\n---\nstrict: true\n", "", "a")
	f.Fuzz(func(t *testing.T, text, env, id string) {
		got, err := Amend("f", []byte(text), env, []Measured{{Scenario: id, Reason: MeasuredReason, Comment: "c", Thresholds: measured[0].Thresholds}})
		if err != nil {
			return
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") && !strings.Contains(string(got), line) {
				// The comment of an older measurement goes with it.
				if !strings.Contains(text, MeasuredReason) {
					t.Errorf("the comment %q is lost:\n%s", line, got)
				}
			}
		}
	})
}
