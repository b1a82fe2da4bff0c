package dashboard_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/dashboard/madeup"
)

// What debug optimize has said stands with the scenario or the process that it is of, with
// its lines and its source.
func TestGivenAdvice(t *testing.T) {
	in := madeup.Many(2, 0)
	given := func(title string) []advise.Advice {
		return []advise.Advice{{
			Title: title, Kind: advise.KindPreallocate, Severity: advise.Major, How: "make room first", Found: "by its sizes", Known: true, SavedAllocBytes: 12_000, Per: advise.PerOp,
			Evidence: []string{"it grew seven times"}, Lines: []highwater.Frame{{Func: "example.com/made/up/store.Fill", File: "/src/store.go", Line: 12}},
			Source: []advise.SourceLine{{Number: 11, Text: "for {"}, {Number: 12, Text: "\tall = append(all, x)", Here: true}},
		}}
	}
	in.Advice = []advise.Subject{
		{Name: in.Report.Rows[1].Scenario.ID(), How: "measured", Advice: given("grow once"), Gaps: []advise.Gap{{Kinds: []advise.Kind{advise.KindMap}, Why: "no profile of the end"}}},
		{Name: "server (pid 12)", How: "watched for 10 s", Advice: given("grow the server's once"), Failed: []string{"the second half"}},
	}
	d := dataOf(t, render(t, in))
	frames := d["frames"].([]any)
	check := func(advice any, title string) {
		t.Helper()
		all := advice.([]any)
		if len(all) != 1 {
			t.Fatalf("%d pieces of advice", len(all))
		}
		a := all[0].(map[string]any)
		if a["title"] != title || a["saves"] != "12.0 KB allocated/op" || a["severity"] != "major" {
			t.Errorf("%v", a)
		}
		if at := a["where"].([]any); frames[int(at[0].(float64))] != "store.Fill (store.go:12)" {
			t.Errorf("at %v", at)
		}
		if source := fmt.Sprint(a["source"]); !strings.Contains(source, "     11  for {") || !strings.Contains(source, ">    12      all = append(all, x)") {
			t.Errorf("source %s", source)
		}
	}
	second := d["scenarios"].([]any)[1].(map[string]any)
	check(second["advice"], "grow once")
	if second["advised"] != true || fmt.Sprint(second["gaps"]) != "[map: no profile of the end]" {
		t.Errorf("advised %v, gaps %v", second["advised"], second["gaps"])
	}
	if d["scenarios"].([]any)[0].(map[string]any)["advised"] == true {
		t.Error("the other one was not advised on")
	}
	server := d["processes"].([]any)[0].(map[string]any)
	check(server["advice"], "grow the server's once")
	if server["name"] != "server (pid 12)" || fmt.Sprint(server["failed"]) != "[the second half]" {
		t.Errorf("%v", server)
	}
}

// What a saving of CPU time is a part of is said in the words of debug optimize.
func TestSavedCPU(t *testing.T) {
	for _, c := range []struct {
		advice advise.Advice
		saves  any
	}{
		{advise.Advice{Known: true, SavedCPU: 0.02}, "2.0 % of the CPU time that the program uses"},
		{advise.Advice{Known: true, SavedCPU: 0.02, CPUOfAll: true}, "2.0 % of all CPU time, idle included"},
		{advise.Advice{Known: true, SavedCPU: 0.0004}, nil},
	} {
		in := madeup.Many(1, 0)
		c.advice.Title, c.advice.Severity = "less garbage", advise.Minor
		in.Advice = []advise.Subject{{Name: "server (pid 12)", Advice: []advise.Advice{c.advice}}}
		server := dataOf(t, render(t, in))["processes"].([]any)[0].(map[string]any)
		if got := server["advice"].([]any)[0].(map[string]any)["saves"]; got != c.saves {
			t.Errorf("%v, want %v", got, c.saves)
		}
	}
}
