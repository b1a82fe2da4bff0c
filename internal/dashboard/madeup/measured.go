package madeup

import (
	"fmt"
	"math"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/dashboard"
)

// series is one metric over the nights, with what is known of it.
func (m *made) series(info highwater.ScenarioInfo, metric string, level, noise float64) dashboard.Trended {
	t := dashboard.Trended{Series: highwater.Series{Key: highwater.SeriesKey{
		Module: "example.com/made/up", Scenario: info.ID(), Metric: metric, Branch: "main", Environment: "linux/amd64 go1.26 GOGC=100", Sessions: info.Sessions,
	}}}
	step, drift, at := 0.0, 0.0, m.nights*2/3+m.number%7
	if m.number%7 == 6 {
		step = 0.05 + 0.15*m.random.Float64()
	}
	if m.number%13 == 12 && metric == highwater.Peak {
		step = 0.25
	}
	if m.number%11 == 10 {
		drift = 0.15 / math.Max(float64(m.nights), 1)
	}
	of := &t.Trend
	*of = highwater.Trend{Key: t.Series.Key, Verdict: highwater.TrendSteady, Reason: "no step and no slope that is more than noise", Points: m.nights, Noise: level * noise, Level: level, Detectable: 4 * noise}
	limit := 0.0
	for _, l := range info.Limits {
		if l.Metric == metric {
			limit = l.Bound
		}
	}
	for n := range m.nights {
		v := level * (1 + drift*float64(n)) * (1 + m.random.NormFloat64()*noise)
		if n >= at {
			v *= 1 + step
		}
		p := m.nightly[n]
		if n == m.nights/3 && m.number%5 == 4 {
			v *= 1.3
			of.Anomalies = append(of.Anomalies, highwater.Anomaly{Index: n, At: p.At, Run: p.Run, Commit: p.Commit, Value: v, Low: level * (1 - 3*noise), High: level * (1 + 3*noise)})
		}
		p.Center, p.Low, p.High = v, v*(1-noise), v*(1+noise)
		if limit > 0 {
			p.Limit = &limit
		}
		t.Series.Points = append(t.Series.Points, p)
	}
	if m.nights == 0 {
		of.Level = level * (1 + step)
		return t
	}
	ps := t.Series.Points
	of.First, of.Last = ps[0].At, ps[len(ps)-1].At
	switch {
	case step > 0:
		of.Level = level * (1 + step)
		of.Verdict, of.Reason = highwater.TrendWorse, fmt.Sprintf("it rose by %.0f %% on %s", step*100, ps[at].At.Format("2 January"))
		of.Changes = []highwater.ChangePoint{{Index: at, At: ps[at].At, Before: level, After: of.Level, Change: step, PValue: 1e-6, LastBefore: ps[at-1].Commit, FirstAfter: ps[at].Commit, Runs: [2]string{ps[at-1].Run, ps[at].Run}, Worse: true}}
	case drift > 0:
		of.Level = level * 1.15
		day := level * drift
		of.Verdict, of.Reason = highwater.TrendDrifting, fmt.Sprintf("it rises by %.2f %% a day", drift*100)
		of.Drift = &highwater.Drift{PerDay: day, PerDayLow: day * 0.9, PerDayHigh: day * 1.1, PValue: 1e-5, Worse: true}
		of.Forecast = &highwater.Forecast{At: of.Last.AddDate(0, 0, 60), Value: of.Level + 60*day, Low: of.Level + 50*day, High: of.Level + 70*day, Horizon: of.Last.AddDate(0, 0, 60)}
	}
	of.BandLow, of.BandHigh = of.Level*(1-3*noise), of.Level*(1+3*noise)
	return t
}

// measured adds the processes that the figures would be of.
func (m *made) measured(row *highwater.Row, run *highwater.Run, values map[string][]float64, scale float64) {
	id := row.Scenario.ID()
	rss := int64(values[highwater.Footprint][0])
	parts := &highwater.FootprintParts{RSS: rss, LiveHeap: rss / 10, DeadHeap: rss / 8, Fragmentation: rss / 60, Stacks: rss / 90, Metadata: rss / 6, Free: rss / 7}
	parts.OffHeap = rss - parts.Sum()
	for repeat := range 5 {
		exact := highwater.Measurement{Scenario: id, Pass: highwater.PassExact, Repeat: repeat, Started: run.Created, Duration: time.Second, Outcome: highwater.Outcome{Status: highwater.StatusOK}, Values: map[string]float64{}, GC: &highwater.GCWork{Cycles: 112, Forced: 24, CPUShare: 0.2}}
		natural := exact
		natural.Pass, natural.Values, natural.GC = highwater.PassNatural, map[string]float64{}, &highwater.GCWork{Cycles: 17, Forced: 1, CPUShare: 0.043}
		for name, vs := range values {
			if metric, _ := highwater.MetricByName(name); metric.Pass == highwater.PassExact {
				exact.Values[name] = vs[repeat]
			} else {
				natural.Values[name] = vs[repeat]
			}
		}
		natural.Footprint = parts
		peak := int64(values[highwater.Peak][repeat]) * int64(row.Scenario.Sessions)
		for c := range 60 {
			live := float64(peak) * (1 - math.Exp(-float64(c)/8)) * (0.9 + 0.1*math.Sin(float64(c)/3))
			exact.Checkpoints = append(exact.Checkpoints, highwater.Checkpoint{Op: c * 2, Steady: c > 20, Heap: int64(live), Stacks: 8192, At: int64(c) * 16e6, Name: map[int]string{0: "begun", 20: "warm", 59: "done"}[c]})
		}
		exact.Collections = between(peak)
		exact.PeakParts = &highwater.PeakParts{Heap: peak, Stacks: 8192, Where: "between checkpoints", Op: 88, Profiled: peak, Rate: 4096, Baseline: 402_000}
		for k := range 12 {
			exact.Sites = append(exact.Sites, site(m.number, k, int64(float64(peak)*scale*math.Exp(-float64(k)/3)/4)))
		}
		if run == m.report.Run && repeat == 2 {
			row.Footprint, row.PeakParts, row.Sites = parts, exact.PeakParts, exact.Sites
		}
		run.Measurements = append(run.Measurements, natural, exact)
	}
}

// between is what collections between the checkpoints would find: more, since what is held
// for a moment is there too, and once all of the peak.
func between(peak int64) *highwater.Collections {
	c := &highwater.Collections{Total: 112, Seen: 110, Thinned: 1}
	for k := range 86 {
		at := float64(k) * 60 / 86
		live := float64(peak) * (1 - math.Exp(-at/8)) * (0.93 + 0.05*math.Sin(at*3))
		if k == 63 {
			live = float64(peak)
		}
		c.Points = append(c.Points, highwater.Collected{At: int64(at * 16e6), Op: int(at) * 2, Heap: int64(live), Stacks: 8192})
	}
	return c
}

// site is one of a few stacks, so that they share callers.
func site(number, k int, bytes int64) highwater.Site {
	frame := func(fn string, line int) highwater.Frame {
		return highwater.Frame{Func: "example.com/made/up/" + fn, File: "/src/made/up/" + fn[:4] + ".go", Line: line}
	}
	leaf := frame(fmt.Sprintf("store.(*Page).grow%d", k), 40+k)
	return highwater.Site{
		Bytes: bytes, Objects: bytes / 96, Where: leaf, Fingerprint: fmt.Sprintf("%06x%06x", number, k),
		Stack: []highwater.Frame{leaf, frame(fmt.Sprintf("store.(*Cache).add%d", k%3), 88), frame(fmt.Sprintf("edit.(*Session).apply%d", k%2), 131), frame("edit.Run", 12), {Func: "main.main", File: "/src/made/up/main.go", Line: 9}},
	}
}
