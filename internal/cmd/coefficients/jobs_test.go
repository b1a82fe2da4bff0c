package main

import (
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// collected is a run of one scenario whose gc_pressure and peak are about these.
func collected(pressure, peak float64, repeats int) *highwater.Run {
	r := &highwater.Run{Scenarios: []highwater.ScenarioInfo{{Suite: "s", Name: "a"}}}
	for i := range repeats {
		wave := 1 + 0.01*float64(1-i%2*2)
		for pass, values := range map[highwater.Pass]map[string]float64{
			highwater.PassExact:     {highwater.Peak: peak * wave, highwater.Sustained: peak},
			highwater.PassCollector: {highwater.GCPressure: pressure * wave},
		} {
			r.Measurements = append(r.Measurements, highwater.Measurement{
				Scenario: "s/a", Pass: pass, Repeat: i, Outcome: highwater.Outcome{Status: highwater.StatusOK}, Values: values,
			})
		}
	}
	return r
}

func TestDisturbance(t *testing.T) {
	for _, c := range []struct {
		name     string
		one, two *highwater.Run
		exit     int
		want     string
	}{
		{"the same", collected(0.5, 1e6, 20), collected(0.5, 1e6, 20), highwater.ExitOK, "3 of 3 within"},
		{"less than half of a regression", collected(0.5, 1e6, 20), collected(0.53, 1.03e6, 20), highwater.ExitOK, "3 of 3 within"},
		{"the collector works harder", collected(0.5, 1e6, 20), collected(0.7, 1e6, 20), highwater.ExitFail, "DISTURBED"},
		{"the peak is missed", collected(0.5, 1e6, 20), collected(0.5, 0.9e6, 20), highwater.ExitFail, "1 of 3 within"},
		{"too few repeats", collected(0.5, 1e6, 20), collected(0.5, 1e6, 3), highwater.ExitError, "MISSING: "},
	} {
		var b strings.Builder
		if exit := disturbance(&b, c.one, c.two, 20); exit != c.exit || !strings.Contains(b.String(), c.want) {
			t.Errorf("%s: exit %d, want %d and %q in\n%s", c.name, exit, c.exit, c.want, b.String())
		}
	}
}
