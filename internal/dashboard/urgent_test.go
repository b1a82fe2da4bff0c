package dashboard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/dashboard"
	"github.com/highwater-dev/highwater/internal/dashboard/madeup"
	"github.com/highwater-dev/highwater/internal/report"
)

// firsts are what is to be looked at first, as kind, metric and text.
func firsts(t *testing.T, in dashboard.Input) (all []string) {
	t.Helper()
	d := dataOf(t, render(t, in))
	metrics := d["metrics"].([]any)
	for _, b := range d["brief"].([]any) {
		b := b.(map[string]any)
		metric := metrics[int(b["metric"].(float64))].(map[string]any)["name"].(string)
		all = append(all, b["kind"].(string)+" | "+metric+" | "+b["text"].(string))
	}
	return all
}

// steady is a page of one scenario that nothing is to be said of, and what one of its
// metrics did.
func steady(t *testing.T) (dashboard.Input, *highwater.Trend) {
	t.Helper()
	in := madeup.Many(1, 40)
	if all := firsts(t, in); len(all) != 0 {
		t.Fatalf("to look at first: %q", all)
	}
	for i := range in.History {
		if in.History[i].Series.Key.Metric == highwater.Sustained {
			return in, &in.History[i].Trend
		}
	}
	t.Fatal("there is no such series")
	return in, nil
}

// A stray is to be looked at when it is the newest result, and in the words of trend.
func TestNewStray(t *testing.T) {
	in, of := steady(t)
	stray := highwater.Anomaly{Index: 38, At: madeup.Until, Commit: "0123456789abcdef", Value: 1.6e6, Low: 1.1e6, High: 1.3e6}
	of.Anomalies = []highwater.Anomaly{stray}
	if all := firsts(t, in); len(all) != 0 {
		t.Errorf("of an old stray: %q", all)
	}
	stray.Index = 39
	of.Anomalies = append(of.Anomalies, stray)
	const want = "stray | sustained | stray on 2026-11-27: 1.60 MB, usual are 1.10 MB to 1.30 MB, at 0123456789"
	if all := firsts(t, in); len(all) != 1 || all[0] != want {
		t.Errorf("%q, want %q", all, want)
	}
	holds(t, in, of, strings.TrimPrefix(want, "stray | sustained | "))
	// One that is better, of another metric, is less to look at, and one thing with it.
	for i := range in.History {
		if x := &in.History[i].Trend; x.Key.Metric == highwater.Peak {
			x.Anomalies = []highwater.Anomaly{{Index: 39, At: madeup.Until, Value: 1e6, Low: 1.2e6, High: 1.4e6}}
		}
	}
	if all := firsts(t, in); len(all) != 1 || all[0] != want {
		t.Errorf("with a better one before it: %q, want %q", all, want)
	}
	of.Anomalies = nil
	if all := firsts(t, in); len(all) != 1 || !strings.HasPrefix(all[0], "stray | peak | ") {
		t.Errorf("the better one alone: %q", all)
	}
}

// holds checks that the text of trend says the same.
func holds(t *testing.T, in dashboard.Input, of *highwater.Trend, want string) {
	t.Helper()
	var b strings.Builder
	if err := (report.Trends{Trends: []highwater.Trend{*of}, Series: []highwater.Series{in.History[0].Series}}).Text(&b, false); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), want) {
		t.Errorf("no %q in\n%s", want, b.String())
	}
}

// A limit that comes nearer is to be looked at, and one that a single result may cross is not.
func TestLimitAhead(t *testing.T) {
	in, of := steady(t)
	day := func(n int) *time.Time { at := madeup.Until.AddDate(0, 0, n); return &at }
	limit := 2.5e6
	of.Forecast = &highwater.Forecast{At: *day(1), Value: 1.3e6, Low: 1.2e6, High: 1.4e6, Limit: &limit, Earliest: day(20), Horizon: *day(90)}
	if all := firsts(t, in); len(all) != 0 {
		t.Errorf("of what one result may do: %q", all)
	}
	of.Forecast.Crosses, of.Forecast.Latest = day(30), day(45)
	const said = "it crosses the limit of 2.5 MB on 2026-12-27 (earliest 2026-12-17, latest 2027-01-11)"
	if all := firsts(t, in); len(all) != 1 || all[0] != "limit ahead | sustained | "+said {
		t.Errorf("%q", all)
	}
	holds(t, in, of, said)
	// A drift that leads there is one thing with it.
	of.Verdict, of.Reason, of.Drift = highwater.TrendDrifting, "it gets worse by +9.1 % a week", &highwater.Drift{PerDay: 15_000, Worse: true}
	if all := firsts(t, in); len(all) != 1 || all[0] != "limit ahead | sustained | it gets worse by +9.1 % a week; "+said {
		t.Errorf("with a drift: %q", all)
	}
	of.Forecast.Crosses = day(1) // it is beyond already, which the run itself says
	if all := firsts(t, in); len(all) != 1 || !strings.HasPrefix(all[0], "drifting | ") {
		t.Errorf("beyond: %q", all)
	}
}
