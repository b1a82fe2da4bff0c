package platforms

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestParseBy(t *testing.T) {
	for text, want := range map[string]string{
		"goos,goarch,go":  "",
		"GOOS, gomaxproc": `did you mean "gomaxprocs"?`,
		"goarhc":          `did you mean "goarch"?`,
		"weather":         "want some of goos, goarch, go, gogc",
		"go,go":           "stands there twice",
		"":                "want some of",
	} {
		_, err := ParseBy(text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// What is repeats, what is refused, and what only hides some metrics.
func TestColumns(t *testing.T) {
	change := func(f func(*highwater.Environment)) highwater.Environment { return env(f) }
	go125 := func(e *highwater.Environment) { e.Go = "go1.25.9" }
	for _, c := range []struct {
		name    string
		by      string
		envs    []highwater.Environment
		columns string
		refused string // of the error
		hidden  string // a metric that the second column is not compared by
	}{
		{name: "two", by: "goarch", envs: []highwater.Environment{env(nil), env(arch386)}, columns: "amd64|386"},
		{name: "repeats", by: "goarch", envs: []highwater.Environment{env(nil), env(arch386), env(nil)}, columns: "amd64|386"},
		{name: "only what differs is in the name", by: "goos,goarch,go", envs: []highwater.Environment{env(nil), change(go125)}, columns: "go1.26.8|go1.25.9"},
		{name: "no two", by: "goos", envs: []highwater.Environment{env(nil), env(nil)}, refused: "all runs are of linux"},
		{name: "no repeats", by: "goarch", envs: []highwater.Environment{env(nil), change(go125), env(arch386)}, refused: "Go version (go1.25.9, go1.26.8); add to --by what is to tell them apart (go)"},
		{
			name: "another revision is no repeat", by: "goarch",
			envs:    []highwater.Environment{env(nil), change(func(e *highwater.Environment) { e.Revision = "def" }), env(arch386)},
			refused: "revision (def, abc); add to --by what is to tell them apart (revision)",
		},
		{
			name: "patch releases are repeats", by: "goarch",
			envs: []highwater.Environment{env(nil), change(func(e *highwater.Environment) { e.Go = "go1.26.7" }), env(arch386)}, columns: "amd64|386",
		},
		{
			name: "all metrics depend on it", by: "goarch",
			envs:    []highwater.Environment{env(nil), change(func(e *highwater.Environment) { arch386(e); e.GOGC = "50" })},
			refused: "differ in more than goarch, and all metrics depend on it: GOGC (50, 100); add to --by what is to tell them apart (gogc)",
		},
		{
			name: "another probe", by: "goarch",
			envs:    []highwater.Environment{env(nil), change(func(e *highwater.Environment) { arch386(e); e.Probe = 3 })},
			refused: "probe (3, 4); measure again, all with the same highwater",
		},
		{
			name: "footprint depends on it", by: "goarch",
			envs:    []highwater.Environment{env(nil), change(func(e *highwater.Environment) { arch386(e); e.Kernel = "6.2" })},
			columns: "amd64|386", hidden: "footprint",
		},
		{
			name: "another system has another kernel", by: "goos",
			envs:    []highwater.Environment{env(nil), change(func(e *highwater.Environment) { e.GOOS, e.Kernel = "darwin", "25.0" })},
			columns: "linux|darwin",
		},
		{
			name: "and another machine", by: "goos",
			envs:    []highwater.Environment{env(nil), change(func(e *highwater.Environment) { e.GOOS, e.CPU = "darwin", "M4" })},
			columns: "linux|darwin", hidden: "efficiency",
		},
	} {
		var sources []Source
		for i, e := range c.envs {
			sources = append(sources, Source{Name: string(rune('a' + i)), Run: &highwater.Run{ID: string(rune('a' + i)), Environment: e}})
		}
		cols, err := columns(sources, by(t, c.by))
		if err != nil {
			if c.refused == "" || !strings.Contains(err.Error(), c.refused) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		var labels []string
		for _, col := range cols {
			labels = append(labels, col.label)
		}
		if got := strings.Join(labels, "|"); got != c.columns || c.refused != "" {
			t.Errorf("%s: columns %s, want %s%s", c.name, got, c.columns, c.refused)
		}
		if hidden := cols[1].NotCompared[highwater.Footprint] != "" || cols[1].NotCompared[c.hidden] != ""; hidden != (c.hidden != "") || cols[1].NotCompared[highwater.Peak] != "" {
			t.Errorf("%s: not compared: %v", c.name, cols[1].NotCompared)
		}
	}
}

// What a platform cannot measure, what is not there and what failed is said in its place,
// and none of it is a zero.
func TestStates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	a := made("a", env(nil), r, 0.003, peaks(1e6, 1e6, 1e6, 1e6))
	b := made("b", env(func(e *highwater.Environment) { e.GOOS = "windows" }), r, 0.003, peaks(1e6, 1e6, 1e6))
	for i := range b.Measurements {
		m := &b.Measurements[i]
		switch m.Scenario {
		case "s/a":
			m.Values, m.Unsupported = nil, map[string]string{highwater.Peak: "not available on windows"}
		case "s/b":
			m.Outcome = highwater.Outcome{Status: highwater.StatusPanicked, Detail: "index out of range"}
		case "s/c":
			m.Values = nil
		}
	}
	s := analysed(t, a, b, "goos")
	var states []State
	for _, row := range peakTable(t, s).Rows {
		c := row.Cells[1]
		states = append(states, c.State)
		if c.Summary != nil || c.Difference != nil || c.Reason == "" {
			t.Errorf("%s: %+v", row.Scenario, c)
		}
	}
	if !slices.Equal(states, []State{Unsupported, Failed, Missing, Missing}) || !s.Incomplete {
		t.Errorf("states %v, incomplete %v", states, s.Incomplete)
	}
	var text, markdown bytes.Buffer
	if err := s.Text(&text); err != nil {
		t.Fatal(err)
	}
	if err := s.Markdown(&markdown); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"unsupported on windows: not available on windows (peak)",
		"failed on windows: s/b: the process of the exact pass crashed: index out of range",
		"missing on windows: s/c: the exact pass did not yield it",
		"missing on windows: s/d: the scenario is not in the run",
		"nothing can be compared",
	} {
		if !strings.Contains(text.String(), want) || !strings.Contains(markdown.String(), want) {
			t.Errorf("the text or the Markdown lacks %q:\n%s", want, text.String())
		}
	}
}

// A Run file may come from anybody.
func TestHostile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	bad := "x\x1b[31m<script>|`\n# y"
	runs := []*highwater.Run{made("a", env(nil), r, 0.003, peaks(1e6)), made("b", env(func(e *highwater.Environment) { e.GOARCH, e.CPU = bad, bad }), r, 0.003, peaks(1e6))}
	for _, run := range runs {
		run.Scenarios[0].Name = bad
		for i := range run.Measurements {
			run.Measurements[i].Scenario = "s/" + bad
		}
	}
	s := analysed(t, runs[0], runs[1], "goarch")
	var text, markdown bytes.Buffer
	if err := s.Text(&text); err != nil {
		t.Fatal(err)
	}
	if err := s.Markdown(&markdown); err != nil {
		t.Fatal(err)
	}
	outside := regexp.MustCompile("`[^`\n]*`").ReplaceAllString(markdown.String(), "") // of code, where nothing is markup
	if strings.ContainsAny(text.String()+markdown.String(), "\x1b") || strings.Contains(outside, "<script>") {
		t.Errorf("%s\n%s", text.String(), markdown.String())
	}
	for line := range strings.Lines(markdown.String()) {
		if strings.HasPrefix(line, "# ") {
			t.Errorf("a name became a heading: %q", line)
		}
	}
}
