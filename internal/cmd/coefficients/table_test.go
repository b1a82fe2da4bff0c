package main

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// made is a run of one scenario with 20 repeats, whose peak alternates by so much around
// a mean of 1,000,000: the coefficient of variation is that ratio times √(20/19).
func made(scenario string, ratio float64) *highwater.Run {
	suite, name, _ := strings.Cut(scenario, "/")
	r := &highwater.Run{Scenarios: []highwater.ScenarioInfo{{Suite: suite, Name: name}}}
	for i := range 20 {
		sign := float64(1 - i%2*2)
		for pass, values := range map[highwater.Pass]map[string]float64{
			highwater.PassExact:   {highwater.Peak: 1e6 * (1 + sign*ratio), highwater.Sustained: 100 + sign},
			highwater.PassNatural: {highwater.Allocs: 1000},
		} {
			r.Measurements = append(r.Measurements, highwater.Measurement{
				Scenario: scenario, Pass: pass, Repeat: i, Outcome: highwater.Outcome{Status: highwater.StatusOK}, Values: values,
			})
		}
	}
	return r
}

func TestPromises(t *testing.T) {
	few := made("s/a", 0)
	few.Measurements = few.Measurements[:30]
	omitted := made("s/a", 0)
	omitted.Scenarios[0].Omit = map[highwater.Pass]string{highwater.PassNatural: "why not"}
	kept := omitted.Measurements[:0]
	for _, m := range omitted.Measurements {
		if m.Pass != highwater.PassNatural {
			kept = append(kept, m)
		}
	}
	omitted.Measurements = kept
	broken := made("s/a", 0)
	broken.Measurements[7].Outcome = highwater.Outcome{Status: highwater.StatusPanicked, Detail: "panic: x"}
	for _, c := range []struct {
		name          string
		alone, loaded *highwater.Run
		exit          int
		want          string
	}{
		{"as promised", made("s/a", 0.009), made("s/a", 0.009), highwater.ExitOK, "6 of 6 figures are as promised"},
		{"a loaded machine is worse", made("s/a", 0.009), made("s/a", 0.01), highwater.ExitFail, "WORSE: s/a peak, loaded: 1.026 % of 1.00 MB (±10.3 KB), promised 1 %"},
		{"concurrent scenarios may be", made("load/a", 0.04), made("load/a", 0.04), highwater.ExitOK, "5 %"},
		{"within bounds", made("load/a", 0.04), made("load/a", 0.05), highwater.ExitFail, "5.130 %"},
		{"too few repeats", made("s/a", 0), few, highwater.ExitError, "repeats, want 20"},
		{"other scenarios", made("s/a", 0), made("s/b", 0), highwater.ExitError, "MISSING: s/b peak, alone: not in the run"},
		{"an omitted pass is none", omitted, omitted, highwater.ExitOK, "4 of 4"},
		{"a crash", made("s/a", 0), broken, highwater.ExitError, "panic: x"},
		{"nothing", &highwater.Run{}, &highwater.Run{}, highwater.ExitError, "0 of 0"},
	} {
		var b strings.Builder
		if exit := table(&b, c.alone, c.loaded, []string{"load"}, 20); exit != c.exit || !strings.Contains(b.String(), c.want) {
			t.Errorf("%s: exit %d, want %d with %q in\n%s", c.name, exit, c.exit, c.want, b.String())
		}
	}
}
