package matrix

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

var began = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// made is a run of those scenarios, made at that hour with that Go.
func made(id string, hour int, goVersion string, scenarios ...string) *highwater.Run {
	r := &highwater.Run{
		Schema: highwater.Schema, ID: id, Tool: "v1", Created: began.Add(time.Duration(hour) * time.Hour),
		Environment: highwater.Environment{Go: goVersion, GOOS: "linux", GOARCH: "amd64", GOGC: "100", GOMEMLIMIT: "off", GOMAXPROCS: 2, Probe: 1},
	}
	for _, s := range scenarios {
		r.Scenarios = append(r.Scenarios, highwater.ScenarioInfo{Suite: "s", Name: s, Sessions: 1, Ops: 1})
		r.Measurements = append(r.Measurements, highwater.Measurement{Scenario: "s/" + s, Values: map[string]float64{"peak": float64(hour)}})
	}
	return r
}

func soaked(r *highwater.Run) *highwater.Run {
	for i := range r.Measurements {
		r.Measurements[i].Pass = highwater.PassSoak
	}
	return r
}

func ids(r *highwater.Run) string {
	var all []string
	for i, s := range r.Scenarios {
		all = append(all, s.ID())
		if r.Measurements[i].Scenario != s.ID() {
			all = append(all, "measured as "+r.Measurements[i].Scenario)
		}
	}
	return strings.Join(all, " ")
}

func TestSettle(t *testing.T) {
	const a, b = "go1.26.1", "go1.25.9"
	for _, c := range []struct {
		name  string
		runs  []*highwater.Run
		want  []string
		notes int
	}{
		{"apart", []*highwater.Run{made("r1", 1, a, "x"), made("r2", 2, a, "y")}, []string{"s/x", "s/y"}, 0},
		{"again", []*highwater.Run{made("r1", 1, a, "x", "y"), made("r2", 2, a, "x")}, []string{"s/y", "s/x"}, 1},
		{"again, the later first", []*highwater.Run{made("r1", 3, a, "x"), made("r2", 2, a, "x", "y")}, []string{"s/x", "s/y"}, 1},
		{"three times", []*highwater.Run{made("r1", 1, a, "x"), made("r2", 3, a, "x"), made("r3", 2, a, "x")}, []string{"", "s/x", ""}, 2},
		{"two releases", []*highwater.Run{made("r1", 1, a, "x"), made("r2", 2, b, "x", "y")}, []string{"s/x@go1.26.1", "s/x@go1.25.9 s/y"}, 0},
		{"a soak of it, too", []*highwater.Run{made("r1", 1, a, "x"), soaked(made("r2", 2, a, "x", "y"))}, []string{"s/x", "s/x@soak s/y"}, 0},
		{"a soak of another release", []*highwater.Run{made("r1", 1, a, "x"), soaked(made("r2", 2, b, "x"))}, []string{"s/x@go1.26.1", "s/x@go1.25.9,soak"}, 0},
		{"two soaks", []*highwater.Run{soaked(made("r1", 1, a, "x")), soaked(made("r2", 2, b, "x"))}, []string{"s/x@go1.26.1", "s/x@go1.25.9"}, 0},
		{"two releases, one again", []*highwater.Run{made("r1", 1, a, "x"), made("r2", 2, b, "x"), made("r3", 3, b, "x")}, []string{"s/x@go1.26.1", "", "s/x@go1.25.9"}, 1},
	} {
		var sides []Side
		for _, r := range c.runs {
			sides = append(sides, Side{Name: r.ID + ".json", Run: r, Baseline: made("base", 0, r.Environment.Go, "x")})
		}
		s := Settle(sides)
		for i, side := range sides {
			if got := ids(side.Run); got != c.want[i] {
				t.Errorf("%s: run %d holds %q, want %q", c.name, i, got, c.want[i])
			}
			// What it is compared with has the same name.
			for _, info := range side.Run.Scenarios {
				if _, ok := side.Baseline.Scenario(info.ID()); !ok && info.Name == "x" {
					t.Errorf("%s: the baseline of %s has %s", c.name, info.ID(), ids(side.Baseline))
				}
				if want := "s/" + info.Name; s.Original(info.ID()) != want {
					t.Errorf("%s: %s was %s, want %s", c.name, info.ID(), s.Original(info.ID()), want)
				}
			}
		}
		if len(s.Notes) != c.notes {
			t.Errorf("%s: %q", c.name, s.Notes)
		}
	}
}

func TestMerge(t *testing.T) {
	report := func(id string, v highwater.Verdict, exit int) *highwater.Report {
		run := made(id, 1, "go1.26.1", id)
		return &highwater.Report{
			Run: run, Baseline: made("base", 0, "go1.26.1", id), RunID: id, BaseName: "main", Verdict: v, Exit: exit, Env: run.Environment, Seconds: 2,
			Rows: []highwater.Row{{Scenario: run.Scenarios[0], Verdict: v}}, Findings: []highwater.Finding{{Reason: id}}, Notes: []string{"of all"},
		}
	}
	for _, c := range []struct {
		exits []int
		want  int
	}{{[]int{0, 0}, 0}, {[]int{0, 1}, 1}, {[]int{1, 2}, 1}, {[]int{2, 0}, 2}, {[]int{2, 1, 0}, 1}} {
		var all []*highwater.Report
		for i, e := range c.exits {
			all = append(all, report(string(rune('a'+i)), highwater.VerdictPass, e))
		}
		m := Merge(all)
		if m.Exit != c.want {
			t.Errorf("%v: exit status %d, want %d", c.exits, m.Exit, c.want)
		}
		n := len(c.exits)
		if len(m.Rows) != n || len(m.Findings) != n || len(m.Run.Measurements) != n || len(m.Baseline.Scenarios) != n || m.Seconds != float64(2*n) ||
			m.BaseName != "main" || len(m.Notes) != 1 {
			t.Errorf("%+v", m)
		}
	}
	other := report("z", highwater.VerdictFail, 1)
	other.Env.Go = "go1.25.9"
	m := Merge([]*highwater.Report{report("a", highwater.VerdictPass, 0), other})
	if m.Verdict != highwater.VerdictFail || len(m.Notes) != 2 || !strings.Contains(m.Notes[1], "run z was made under other conditions than run a, which are the ones shown: go1.25.9") {
		t.Errorf("%s, %q", m.Verdict, m.Notes)
	}
	// What shows it again is told of what does not pass, or else of all, once each.
	with := func(r *highwater.Report, command string) *highwater.Report {
		r.Run.Command = []string{"highwater", command}
		return r
	}
	good, bad, lost := with(report("a", highwater.VerdictPass, 0), "good"), with(report("b", highwater.VerdictFail, 1), "bad"), with(report("c", highwater.VerdictError, 2), "lost")
	for want, reports := range map[string][]*highwater.Report{
		"[[highwater bad] [highwater lost]]": {good, bad, lost, bad},
		"[[highwater good]]":                 {good, good},
	} {
		if got := fmt.Sprint(Merge(reports).Commands); got != want {
			t.Errorf("commands %s, want %s", got, want)
		}
	}
	if one := report("a", highwater.VerdictPass, 0); Merge([]*highwater.Report{one}) != one {
		t.Error("one report is changed")
	}
	if none := Merge(nil); none.Exit != highwater.ExitError || none.Verdict != highwater.VerdictError {
		t.Errorf("of nothing: %+v", none)
	}
}
