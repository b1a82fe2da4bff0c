package driver

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/target"
)

// twoEngines is a suite with engines to choose from, and one without.
func twoEngines() Config {
	make := func(suite, engine string, names ...string) highwater.Suite {
		s := highwater.Suite{Name: suite, Doc: "a test's"}
		for _, n := range names {
			s.Scenarios = append(s.Scenarios, highwater.Scenario{Suite: suite, Name: n, Variant: engine, Doc: "does " + n, Run: func(*highwater.M) {}})
		}
		return s
	}
	return Config{Suites: []Suite{
		{
			Name: "term", Engines: []Engine{{Name: "one"}, {Name: "two"}},
			New: func(engine string) (highwater.Suite, error) { return make("term", engine, "draw", "scroll"), nil },
		},
		Fixed(make("plain", "", "work")),
	}}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		patterns, engines []string
		want              string
	}{
		{nil, nil, "term/draw@one term/scroll@one plain/work"},
		{[]string{"all"}, []string{"all"}, "term/draw@one term/scroll@one term/draw@two term/scroll@two plain/work"},
		{[]string{"term"}, []string{"two"}, "term/draw@two term/scroll@two"},
		{[]string{"term/draw", "term/draw"}, nil, "term/draw@one"},
		{[]string{"term/draw@two"}, nil, "term/draw@two"},
		{[]string{"*/*@two", "plain"}, nil, "term/draw@two term/scroll@two plain/work"},
		{[]string{"*/s*"}, []string{"one", "two"}, "term/scroll@one term/scroll@two"},
	} {
		all, err := twoEngines().everything()
		if err != nil {
			t.Fatal(err)
		}
		targets, err := twoEngines().choose(all, nil, c.patterns, c.engines)
		if err != nil {
			t.Errorf("%v %v: %v", c.patterns, c.engines, err)
			continue
		}
		var got []string
		for _, i := range infos(targets) {
			got = append(got, i.ID())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v %v:\n got %s\nwant %s", c.patterns, c.engines, strings.Join(got, " "), c.want)
		}
	}
}

func TestFind(t *testing.T) {
	c := twoEngines()
	for _, id := range []string{"term/scroll@two", "plain/work"} {
		if sc, ok := c.find(id); !ok || sc.ID() != id {
			t.Errorf("find(%q) = %q, %v", id, sc.ID(), ok)
		}
	}
	for _, id := range []string{"term/scroll@three", "term/nothing@one", "plainer/work", ""} {
		if sc, ok := c.find(id); ok {
			t.Errorf("find(%q) = %q, want none", id, sc.ID())
		}
	}
}

// A suite that runs on request is in neither of the two ways to say everything.
func TestOnRequest(t *testing.T) {
	c := twoEngines()
	for i := range c.Suites {
		c.Suites[i].OnRequest = c.Suites[i].Name == "term"
	}
	all, err := c.everything()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		patterns []string
		want     bool
	}{{nil, false}, {[]string{"all"}, false}, {[]string{"term"}, true}, {[]string{"all", "term/*"}, true}} {
		targets, err := c.choose(all, nil, s.patterns, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := slices.ContainsFunc(targets, func(t target.Target) bool { return t.Info.Suite == "term" })
		info := highwater.ScenarioInfo{Suite: "term", Name: "draw", Variant: "one"}
		if selected := c.selected(info, s.patterns, nil, nil); got != s.want || selected != s.want {
			t.Errorf("%v: chosen %v, selected %v, want %v", s.patterns, got, selected, s.want)
		}
	}
}

// What was not asked for is not missing, also when it is no more.
func TestSelected(t *testing.T) {
	c := twoEngines()
	inPackage := func(p string) bool { return p == "example.com/m/p" }
	info := func(suite, name, variant string) highwater.ScenarioInfo {
		return highwater.ScenarioInfo{Suite: suite, Name: name, Variant: variant}
	}
	for _, s := range []struct {
		patterns, engines []string
		packages          func(string) bool
		info              highwater.ScenarioInfo
		want              bool
	}{
		{nil, nil, nil, info("term", "gone", "one"), true},
		{nil, nil, nil, info("term", "draw", "two"), false},
		{nil, []string{"all"}, nil, info("term", "draw", "two"), true},
		{[]string{"term"}, nil, nil, info("plain", "work", ""), false},
		{[]string{"term/dra*"}, nil, nil, info("term", "drawn", "one"), true},
		{[]string{"term/draw@two"}, nil, nil, info("term", "draw", "two"), true},
		{nil, nil, nil, info("elsewhere", "thing", "x"), true},
		{nil, nil, inPackage, info("example.com/m/p", "TestA/sub", ""), true},
		{nil, nil, inPackage, info("example.com/m/p/q", "TestA", ""), false},
		{nil, nil, inPackage, info("plain", "work", ""), false},
		{nil, nil, func(string) bool { return true }, info("plain", "work", ""), false}, // a suite is no package
	} {
		if got := c.selected(s.info, s.patterns, s.engines, s.packages); got != s.want {
			t.Errorf("%v %v: selected(%s) = %v, want %v", s.patterns, s.engines, s.info.ID(), got, s.want)
		}
	}
}

// Packages run whole unless a pattern names scenarios in them.
func TestChoosePackages(t *testing.T) {
	all, err := twoEngines().everything()
	if err != nil {
		t.Fatal(err)
	}
	packages := []target.Target{
		{Info: highwater.ScenarioInfo{Suite: "example.com/m/p", Name: "TestA"}},
		{Info: highwater.ScenarioInfo{Suite: "example.com/m/p", Name: "TestB/sub"}},
	}
	for _, c := range []struct {
		patterns []string
		want     string
	}{
		{nil, "example.com/m/p/TestA example.com/m/p/TestB/sub"},
		{[]string{"plain"}, "plain/work example.com/m/p/TestA example.com/m/p/TestB/sub"},
		{[]string{"example.com/m/p/TestB"}, "example.com/m/p/TestB/sub"},
	} {
		targets, err := twoEngines().choose(all, packages, c.patterns, nil)
		if err != nil {
			t.Errorf("%v: %v", c.patterns, err)
		}
		var got []string
		for _, i := range infos(targets) {
			got = append(got, i.ID())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v: got %s, want %s", c.patterns, strings.Join(got, " "), c.want)
		}
	}
}

type countRows struct{}

func (countRows) Render(w io.Writer, r *highwater.Report) error {
	_, err := fmt.Fprintf(w, "rows: %d, exit: %d\n", len(r.Rows), r.Exit)
	return err
}

// A third party's formats and checks take part like highwater's own.
func TestReportersAndChecks(t *testing.T) {
	state := t.TempDir()
	t.Setenv("HIGHWATER_STATE_DIR", state)
	t.Chdir(t.TempDir())
	now := time.Now().UTC().Truncate(time.Second)
	info := highwater.ScenarioInfo{Suite: "plain", Name: "work", Sessions: 1, Ops: 1, Omit: map[highwater.Pass]string{
		highwater.PassExact: "test", highwater.PassCollector: "test",
	}}
	run := &highwater.Run{
		Schema: highwater.Schema, ID: "run-1", Tool: "test", Created: now, Finished: &now, Scenarios: []highwater.ScenarioInfo{info},
		Measurements: []highwater.Measurement{{
			Scenario: info.ID(), Pass: highwater.PassNatural, Started: now, Outcome: highwater.Outcome{Status: highwater.StatusOK},
			Values: map[string]float64{
				highwater.AllocBytes: 1, highwater.Allocs: 1, highwater.Footprint: 1e6, highwater.Efficiency: 0.5, highwater.Threads: 0,
			},
		}},
	}
	path := filepath.Join(state, "run.json")
	if err := store.WriteRun(path, run); err != nil {
		t.Fatal(err)
	}
	c := twoEngines()
	c.Reporters = map[string]highwater.Reporter{"count": countRows{}}
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr, c.Args = &stdout, &stderr, []string{"report", path, "--format", "count"}
	if code := run1(t, c); code != highwater.ExitOK || stdout.String() != "rows: 1, exit: 0\n" {
		t.Errorf("status %d, %q %q", code, stdout.String(), stderr.String())
	}
	c.Checks = []highwater.Check{{Name: "grumpy", Doc: "fails", Run: func(run, _ *highwater.Run) []highwater.Finding {
		return []highwater.Finding{{
			Scenario: run.Scenarios[0].ID(), Check: "grumpy", Verdict: highwater.VerdictFail, Severity: highwater.SeverityCritical, Reason: "no reason",
		}}
	}}}
	stdout.Reset()
	if code := run1(t, c); code != highwater.ExitFail {
		t.Errorf("with a check that fails: status %d, %q %q", code, stdout.String(), stderr.String())
	}
	c.Args = []string{"report", path, "--format", "cuont"}
	stderr.Reset()
	if code := run1(t, c); code != highwater.ExitUsage || !strings.Contains(stderr.String(), `did you mean "count"?`) {
		t.Errorf("status %d, %q", code, stderr.String())
	}
}

func run1(t *testing.T, c Config) int {
	t.Helper()
	return run(t.Context(), c.withDefaults())
}

func TestValidate(t *testing.T) {
	for want, c := range map[string]Config{
		"needs a Name":  {Suites: []Suite{{}}},
		"stands twice":  {Suites: slices.Repeat(twoEngines().Suites[:1], 2)},
		"says that its": {Suites: []Suite{Fixed(highwater.Suite{Name: "a", Scenarios: []highwater.Scenario{{Suite: "b", Name: "c", Doc: "d", Run: func(*highwater.M) {}}}})}},
	} {
		var stdout, stderr bytes.Buffer
		c.Stdout, c.Stderr, c.Args = &stdout, &stderr, []string{"gates", "--list"}
		if code := run1(t, c); code != highwater.ExitError || !strings.Contains(stderr.String(), want) {
			t.Errorf("%s: status %d, %q", want, code, stderr.String())
		}
	}
}

// What a file says of itself cannot move the cursor by way of an error.
func TestErrorsAreHarmless(t *testing.T) {
	var b bytes.Buffer
	say(&b, "highwater", "first \x1b[2J\r\nsecond\x07")
	if got, want := b.String(), "highwater: first \uFFFD[2J\nhighwater: second\uFFFD\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
