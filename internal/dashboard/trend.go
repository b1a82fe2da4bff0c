package dashboard

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// trend is how a metric went over the runs, and what is known of that. There are thousands
// of them: see row.go for how they are written.
type trend struct {
	Metric      int       `json:"m"`
	Environment int       `json:"env"` // in Frames, as are Branch and Reason
	Branch      int       `json:"branch"`
	Verdict     string    `json:"v"`
	Reason      int       `json:"reason"`
	At          string    `json:"at"` // results, by their packed distances
	Values      packed    `json:"values"`
	Newest      float64   `json:"newest"` // to the digit
	Of          int       `json:"of"`     // how many there are in all
	Level       *float64  `json:"level,omitempty"`
	Detectable  *float64  `json:"detectable,omitempty"`
	Band        []float64 `json:"band,omitempty"`
	Changes     []step    `json:"changes,omitempty"`
	Anomalies   []outlier `json:"odd,omitempty"`
	Drift       *drift    `json:"drift,omitempty"`
	Forecast    *forecast `json:"forecast,omitempty"`
	Limit       *float64  `json:"limit,omitempty"`

	last int // the result of the newest point
	// ahead and stray are for people: when a limit is crossed, and that the newest result is
	// outside of the band. They are empty where there is nothing of that.
	ahead, stray string
	strayBetter  bool
}

// step is a change point, between two results.
type step struct {
	At     int      `json:"at"` // the first result after it
	Before *float64 `json:"b"`
	After  *float64 `json:"a"`
	Change *float64 `json:"c,omitempty"`
	Worse  bool     `json:"worse,omitempty"`
	Range  string   `json:"range"` // of commits
}

type outlier struct {
	At    int      `json:"at"`
	Value *float64 `json:"v"`
}

type drift struct {
	PerDay *float64 `json:"d"`
	Low    *float64 `json:"lo,omitempty"`
	High   *float64 `json:"hi,omitempty"`
	Worse  bool     `json:"worse,omitempty"`
}

type forecast struct {
	At      int64    `json:"at"` // seconds since 1970
	Value   *float64 `json:"v"`
	Low     *float64 `json:"lo,omitempty"`
	High    *float64 `json:"hi,omitempty"`
	Crosses bool     `json:"crosses,omitempty"` // a limit within the horizon
	Said    int      `json:"said,omitempty"`    // in Frames, from 1: when the limit is crossed
}

// results are the runs of all series, by time.
func (d *document) results(history []Trended) {
	all := map[string]highwater.Point{}
	for _, t := range history {
		for _, p := range t.Series.Points {
			all[p.Run] = p
		}
	}
	runs := make([]highwater.Point, 0, len(all))
	for _, p := range all {
		runs = append(runs, p)
	}
	slices.SortFunc(runs, func(a, b highwater.Point) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Run, b.Run)) })
	for i, p := range runs {
		d.runs[p.Run] = i
		d.Results = append(d.Results, result{report.Name(p.Run), report.Commit(p.Commit), p.At.Unix(), p.Dirty})
	}
}

// history adds the series to the scenarios that they are of. What is only in the history
// is no scenario of this run, and is told apart.
func (d *document) history(history []Trended) {
	rows := map[string]int{}
	for i, row := range d.report.Rows {
		rows[row.Scenario.ID()] = i
	}
	gone := map[string]bool{}
	for _, t := range history {
		i, ok := rows[t.Series.Key.Scenario]
		if !ok {
			gone[t.Series.Key.Scenario] = true
			continue
		}
		if len(t.Series.Points) > 0 {
			d.Scenarios[i].Trends = append(d.Scenarios[i].Trends, d.trend(t))
		}
	}
	for i := range d.Scenarios {
		ts := d.Scenarios[i].Trends
		slices.SortStableFunc(ts, func(a, b trend) int { return cmp.Or(cmp.Compare(a.Metric, b.Metric), cmp.Compare(b.last, a.last)) })
	}
	if len(gone) > 0 {
		d.About.Notes = append(d.About.Notes, report.Remark{Text: "in the history, and not in this run", Scenarios: names(gone)})
	}
}

// commits is the range in which a change point lies, and how many commits it has where that
// is known.
func commits(c highwater.ChangePoint) string {
	text := report.Commit(c.LastBefore) + ".." + report.Commit(c.FirstAfter)
	switch {
	case c.Commits == 1:
		return text + " (1 commit)"
	case c.Commits > 1:
		return fmt.Sprintf("%s (%d commits)", text, c.Commits)
	}
	return text
}

func names(set map[string]bool) []string {
	var all []string
	for n := range set {
		all = append(all, report.Name(n))
	}
	slices.Sort(all)
	const most = 20
	if len(all) > most {
		all = append(all[:most], "…")
	}
	return all
}

// trend thins and packs one series.
func (d *document) trend(in Trended) trend {
	ps, of := in.Series.Points, in.Trend
	t := trend{
		Metric: d.metrics[in.Series.Key.Metric], Environment: d.frame(report.Name(in.Series.Key.Environment)), Branch: d.frame(report.Name(in.Series.Key.Branch)),
		Verdict: string(of.Verdict), Reason: d.frame(report.Sentence(of.Reason)), Of: len(ps), Newest: round(ps[len(ps)-1].Center), Level: number(of.Level),
		last: d.runs[ps[len(ps)-1].Run],
	}
	if of.Detectable > 0 {
		t.Detectable = number(of.Detectable)
	}
	if low, high := number(of.BandLow), number(of.BandHigh); low != nil && high != nil && *high > *low {
		t.Band = []float64{*low, *high}
	}
	var keep []int
	at := func(i int) int { return d.runs[ps[min(max(i, 0), len(ps)-1)].Run] }
	for _, c := range of.Changes {
		keep = append(keep, c.Index-1, c.Index)
		t.Changes = append(t.Changes, step{at(c.Index), number(c.Before), number(c.After), number(c.Change), c.Worse, commits(c)})
	}
	// Of very many oddities the newest are kept.
	for _, a := range of.Anomalies[max(len(of.Anomalies)-d.detail.points/4-1, 0):] {
		keep = append(keep, a.Index)
		t.Anomalies = append(t.Anomalies, outlier{at(a.Index), number(a.Value)})
	}
	if x := of.Drift; x != nil {
		t.Drift = &drift{number(x.PerDay), number(x.PerDayLow), number(x.PerDayHigh), x.Worse}
	}
	if x := of.Forecast; x != nil {
		t.Forecast = &forecast{At: x.At.Unix(), Value: number(x.Value), Low: number(x.Low), High: number(x.High)}
		t.Forecast.Crosses = x.Crosses != nil
	}
	d.foretold(&t, of)
	if l := ps[len(ps)-1].Limit; l != nil {
		t.Limit = number(*l)
	}
	centers := make([]float64, len(ps))
	for i, p := range ps {
		if centers[i] = p.Center; math.IsNaN(p.Center) || math.IsInf(p.Center, 0) {
			centers[i] = 0
		}
	}
	most := d.detail.points
	if of.Verdict == highwater.TrendSteady {
		most = max(most/2, 16) // half as many say as much of a level line
	}
	kept := thin(centers, keep, most)
	if len(kept) < len(ps) {
		d.thinned("series over time are thinned to about %d points each, change points and extremes among them; the store has all", d.detail.points)
	}
	chosen, runs := make([]float64, len(kept)), make([]int, len(kept))
	for i, k := range kept {
		chosen[i], runs[i] = centers[k], at(k)
	}
	t.At, t.Values = packSteps(runs), pack(chosen)
	return t
}
