package main

import (
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

func TestShow(t *testing.T) {
	report := &highwater.Report{Run: &highwater.Run{Preparing: 12.5}}
	for i, name := range []string{"a", "b", "c", "d", "e", "f"} {
		info := highwater.ScenarioInfo{Suite: "s", Name: name}
		report.Rows = append(report.Rows, highwater.Row{Scenario: info, Seconds: float64(i + 1)})
		report.Run.Measurements = append(report.Run.Measurements, highwater.Measurement{Scenario: info.ID(), Pass: highwater.PassExact, Duration: time.Duration(i+1) * time.Second})
	}
	for _, c := range []struct {
		name    string
		seconds float64
		exit    int
		limited bool
		want    int
		says    []string
		not     string
	}{
		{"in time", 89.9, highwater.ExitOK, true, highwater.ExitOK, []string{"6 scenarios in 89.9 s, allowed less than 90 s; before the first process 12.5 s", "exact pass", "21.0 s in 6 processes", "s/f", "s/b"}, "s/a "},
		{"a finding is not about time", 70, highwater.ExitFail, true, highwater.ExitOK, nil, "SLOW"},
		{"too slow", 90, highwater.ExitOK, true, highwater.ExitFail, []string{"TOO SLOW"}, "s/a "},
		{"cold may be slow", 300, highwater.ExitOK, false, highwater.ExitOK, []string{"in 300.0 s; before"}, "SLOW"},
		{"not measured", 5, highwater.ExitError, true, highwater.ExitError, []string{"not all was measured"}, "SLOW"},
	} {
		var b strings.Builder
		if got := show(&b, "warm", subject.Result{Exit: c.exit, Seconds: c.seconds, Report: report}, c.limited); got != c.want {
			t.Errorf("%s: status %d, want %d", c.name, got, c.want)
		}
		for _, s := range c.says {
			if !strings.Contains(b.String(), s) {
				t.Errorf("%s: %q is not in\n%s", c.name, s, b.String())
			}
		}
		if strings.Contains(b.String(), c.not) {
			t.Errorf("%s: %q is in\n%s", c.name, c.not, b.String())
		}
	}
}
