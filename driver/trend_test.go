package driver

import (
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
)

func TestSince(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	for s, want := range map[string]time.Time{
		"90d":                  now.AddDate(0, 0, -90),
		"2w":                   now.AddDate(0, 0, -14),
		"0.5d":                 now.Add(-12 * time.Hour),
		"36h":                  now.Add(-36 * time.Hour),
		"60":                   now.Add(-time.Minute),
		"2026-09-01":           time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC),
		"2026-09-01T10:00:00Z": time.Date(2026, 9, 1, 10, 0, 0, 0, time.UTC),
	} {
		if got, err := since(s, now); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "d", "-1d", "0d", "1e9d", "NaNd", "Infd", "yesterday", "2026-13-01", "0"} {
		if got, err := since(s, now); err == nil {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// What could not be judged is told, what fails is told first.
func TestTrendExit(t *testing.T) {
	worse, short := highwater.Trend{Verdict: highwater.TrendWorse}, highwater.Trend{Verdict: highwater.TrendShort}
	drifts := highwater.Trend{Verdict: highwater.TrendDrifting, Drift: &highwater.Drift{Worse: true}}
	improves := highwater.Trend{Verdict: highwater.TrendDrifting, Drift: &highwater.Drift{}}
	steady := highwater.Trend{Verdict: highwater.TrendSteady}
	for _, c := range []struct {
		on    string
		all   []highwater.Trend
		exit  int
		wrong bool
	}{
		{"never", []highwater.Trend{worse, short}, highwater.ExitOK, false},
		{"worse", []highwater.Trend{short, worse}, highwater.ExitFail, false},
		{"worse", []highwater.Trend{drifts, steady}, highwater.ExitOK, false},
		{"drifting", []highwater.Trend{steady, drifts}, highwater.ExitFail, false},
		{"drifting", []highwater.Trend{improves}, highwater.ExitOK, false},
		{"drifting", []highwater.Trend{worse}, highwater.ExitFail, false},
		{"worse", []highwater.Trend{short, short}, 0, true},
	} {
		o := &trendOptions{failOn: c.on}
		if exit, err := o.exit(c.all); exit != c.exit || (err != nil) != c.wrong {
			t.Errorf("--fail-on %s of %v: %d, %v", c.on, c.all, exit, err)
		}
	}
}
