package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

func trended(verdict highwater.TrendVerdict, scenario string, change float64) (highwater.Trend, highwater.Series) {
	key := highwater.SeriesKey{Scenario: scenario, Metric: highwater.Peak, Branch: "main"}
	t := highwater.Trend{Key: key, Verdict: verdict, Reason: "because", Points: 2, Level: 1e6}
	if change != 0 {
		t.Changes = []highwater.ChangePoint{{Change: change, Before: 1e6, After: 1e6 * (1 + change), LastBefore: "a", FirstAfter: "b", Commits: 1, Worse: true}}
	}
	return t, highwater.Series{Key: key, Points: []highwater.Point{{Center: 1e6}, {Center: 2e6}}}
}

func TestTrendsAreSorted(t *testing.T) {
	var all report.Trends
	for _, c := range []struct {
		verdict highwater.TrendVerdict
		name    string
		change  float64
	}{
		{highwater.TrendSteady, "e", 0},
		{highwater.TrendWorse, "b", 0.2},
		{highwater.TrendNoisy, "c", 0},
		{highwater.TrendWorse, "a", 0.5},
		{highwater.TrendShort, "d", 0},
		{highwater.TrendSteady, "f", 0},
	} {
		tr, s := trended(c.verdict, c.name, c.change)
		all.Trends, all.Series = append(all.Trends, tr), append(all.Series, s)
	}
	all.Sort()
	order := ""
	for i, tr := range all.Trends {
		order += tr.Key.Scenario
		if all.Series[i].Key != tr.Key {
			t.Errorf("the series of %s is that of %s", tr.Key.Scenario, all.Series[i].Key.Scenario)
		}
	}
	if order != "abcdef" {
		t.Errorf("the order is %s", order)
	}
}

// A name in a store may be anybody's: it moves no cursor and makes no line.
func TestTrendsOfHostileNames(t *testing.T) {
	tr, s := trended(highwater.TrendWorse, "a\x1b[2J\nworse: forged peak", 0.2)
	tr.Key.Branch, tr.Reason = "\x1b]0;x\a", "\x1b[31mred"
	tr.Changes[0].FirstAfter = "b\x1b[0m"
	late := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	limit := 3e6
	tr.Forecast = &highwater.Forecast{At: late, Limit: &limit, Earliest: &late, Horizon: late}
	tr.Anomalies = []highwater.Anomaly{{Commit: "\x1b[1m"}, {}, {}, {}, {}}
	all := report.Trends{Trends: []highwater.Trend{tr}, Series: []highwater.Series{s}}
	var b bytes.Buffer
	if err := all.Text(&b, false); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\a") || strings.Contains(b.String(), "\nworse: forged") {
		t.Errorf("%q", b.String())
	}
	for _, want := range []string{"▁█", "(1 commit)", "5 results outside of the band, the newest:", "a single result may cross the limit of 3 MB from 2026-01-02 on", "1 series: 1 worse\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
}

func TestTrendsOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := (report.Trends{}).JSON(&b); err != nil || !strings.Contains(b.String(), `"trends": []`) {
		t.Errorf("%v, %s", err, b.String())
	}
}
