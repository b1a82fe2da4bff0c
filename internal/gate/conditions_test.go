package gate

import (
	"slices"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestConditions(t *testing.T) {
	all, machine, none := "all", "machine", "none"
	for name, c := range map[string]struct {
		change    func(*highwater.Environment)
		condition string
		metrics   string
	}{
		"go release":      {func(e *highwater.Environment) { e.Go = "go1.27.1" }, "Go version", all},
		"go patch":        {func(e *highwater.Environment) { e.Go = "go1.26.9" }, "Go version", none},
		"go experiment":   {func(e *highwater.Environment) { e.Go = "go1.26.8 X:nogreenteagc" }, "Go version", all},
		"go devel":        {func(e *highwater.Environment) { e.Go = "devel go1.27-0a1b2c" }, "Go version", all},
		"go unknown":      {func(e *highwater.Environment) { e.Go = "" }, "Go version", all},
		"architecture":    {func(e *highwater.Environment) { e.GOARCH = "arm64" }, "GOARCH", all},
		"GOGC":            {func(e *highwater.Environment) { e.GOGC = "50" }, "GOGC", all},
		"GOMEMLIMIT":      {func(e *highwater.Environment) { e.GOMEMLIMIT = "1GiB" }, "GOMEMLIMIT", all},
		"GOMAXPROCS":      {func(e *highwater.Environment) { e.GOMAXPROCS = 8 }, "GOMAXPROCS", all},
		"GODEBUG":         {func(e *highwater.Environment) { e.GODEBUG = "madvdontneed=0" }, "GODEBUG", all},
		"probe":           {func(e *highwater.Environment) { e.Probe = 2 }, "probe", all},
		"system":          {func(e *highwater.Environment) { e.GOOS = "darwin" }, "GOOS", machine},
		"kernel":          {func(e *highwater.Environment) { e.Kernel = "6.2" }, "kernel", machine},
		"processor":       {func(e *highwater.Environment) { e.CPU = "B" }, "CPU", machine},
		"processors":      {func(e *highwater.Environment) { e.CPUs = 4 }, "CPU", machine},
		"memory":          {func(e *highwater.Environment) { e.MemoryBytes = 16e9 }, "memory", machine},
		"container limit": {func(e *highwater.Environment) { e.MemoryLimit = 2e9 }, "container limit", machine},
		"a little memory": {func(e *highwater.Environment) { e.MemoryBytes += 4096 }, "", ""},
		"another commit":  {func(e *highwater.Environment) { e.Revision, e.Branch, e.Dirty, e.CI = "abc", "x", true, "github" }, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			here := environment
			c.change(&here)
			list := Comparable(here, environment)
			if c.condition == "" {
				if len(list) != 0 {
					t.Fatalf("%+v, want no difference", list)
				}
				return
			}
			if len(list) != 1 || list[0].Condition != c.condition || list[0].Here == list[0].Baseline {
				t.Fatalf("%+v, want one difference in %s", list, c.condition)
			}
			got := none
			switch {
			case len(list[0].Metrics) == len(highwater.Metrics()):
				got = all
			case slices.Contains(list[0].Metrics, highwater.Footprint) && !slices.Contains(list[0].Metrics, highwater.Peak):
				got = machine
			case len(list[0].Metrics) > 0:
				got = strings.Join(list[0].Metrics, " ")
			}
			if got != c.metrics {
				t.Errorf("it matters to %s, want %s", got, c.metrics)
			}
		})
	}
	for _, c := range Conditions() {
		if c.Name == "" || c.Doc == "" || c.Of == nil {
			t.Errorf("condition %q is not documented", c.Name)
		}
	}
	here := environment
	here.GODEBUG = "b=1,a=2"
	there := environment
	there.GODEBUG = "a=2,b=1"
	if list := Comparable(here, there); len(list) != 1 || list[0].Metrics != nil {
		t.Errorf("the same settings in another order: %+v", list)
	}
}

func TestOtherMachine(t *testing.T) {
	base := bench{}.run()
	base.Environment.Kernel = "5.10"
	run := bench{factor: map[string]float64{highwater.Footprint: 3}}.run()
	rep := Judge(run, base, silent)
	wantExit(t, rep, highwater.VerdictPass, highwater.ExitOK)
	if len(findings(rep, CheckBaseline, highwater.Footprint)) != 0 {
		t.Error("footprints of different kernels were compared")
	}
	if len(rep.Mismatches) != 1 || !slices.Contains(rep.Mismatches[0].Metrics, highwater.Footprint) {
		t.Errorf("mismatches %+v", rep.Mismatches)
	}

	p := silent
	p.AllowMismatch = true
	rep = Judge(run, base, p)
	wantExit(t, rep, highwater.VerdictFail, highwater.ExitFail)
	if len(rep.Mismatches) != 1 || rep.Mismatches[0].Metrics != nil || len(rep.Rows[0].Notes) != 1 {
		t.Errorf("mismatches %+v, notes %q", rep.Mismatches, rep.Rows[0].Notes)
	}
}

// TestOtherConditions: where nothing at all can be compared, that is an error.
func TestOtherConditions(t *testing.T) {
	base := bench{}.run()
	base.Environment.GOGC = "400"
	rep := Judge(bench{}.run(), base, Policy{})
	wantExit(t, rep, highwater.VerdictError, highwater.ExitError)
	want(t, one(t, rep, CheckBaseline, ""), highwater.VerdictError, "GOGC (100 here, 400 there)", "--allow-mismatch")
	if len(findings(rep, CheckLimit, highwater.Peak)) != 1 {
		t.Error("the limits were not judged")
	}
}
