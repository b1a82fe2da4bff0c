package dashboard

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// The words for what is to be looked at in a trend besides its verdict.
const (
	limitAhead = "limit ahead"
	newStray   = "stray"
)

// foretold words what is to come of a series, as the text of trend does, and that its newest
// result is none of the usual ones. What is beyond its limit already is a finding of the run.
func (d *document) foretold(t *trend, of highwater.Trend) {
	m, known := highwater.MetricByName(of.Key.Metric)
	if !known {
		m.Name = of.Key.Metric
	}
	if f := of.Forecast; f != nil && f.Limit != nil && (f.Crosses != nil || f.Earliest != nil) {
		said := report.LimitAhead(*f, m)
		t.Forecast.Said = d.frame(said) + 1
		if f.Crosses != nil && f.Crosses.After(f.At) {
			t.ahead = said
		}
	}
	if n := len(of.Anomalies); n > 0 && of.Anomalies[n-1].Index == of.Points-1 {
		a := of.Anomalies[n-1]
		t.stray, t.strayBetter = report.Stray(a, m), a.Value > a.High == m.HigherIsBetter
	}
}

// urgent is what of a series is among what to look at first. A drift of which the limit is
// known that it leads to is one thing with it.
func (d *document) urgent(t trend) []brief {
	var all []brief
	add := func(kind, text string, rank int) {
		all = append(all, brief{Kind: kind, Metric: t.Metric, Text: text, rank: rank})
	}
	reason := d.Frames[t.Reason]
	verdict := highwater.TrendVerdict(t.Verdict)
	if verdict == highwater.TrendWorse {
		add(t.Verdict, reason, 10)
	}
	switch worsens := verdict == highwater.TrendDrifting && t.Drift != nil && t.Drift.Worse; {
	case t.ahead != "" && worsens:
		add(limitAhead, reason+"; "+t.ahead, 11)
	case t.ahead != "":
		add(limitAhead, t.ahead, 11)
	case worsens:
		add(t.Verdict, reason, 12)
	}
	switch {
	case t.stray != "" && t.strayBetter:
		add(newStray, t.stray, 14)
	case t.stray != "":
		add(newStray, t.stray, 13)
	}
	return all
}
