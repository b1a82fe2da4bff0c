package report

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
)

// slowestShown is how many of the scenarios are named that took longest.
const slowestShown = 5

// time says what took the time: what came before the first process, the processes of
// each pass together, of which several may have run at once, and the slowest
// scenarios.
func (p *printer) time() {
	run := p.report.Run
	soak := func(m highwater.Measurement) bool { return m.Pass == highwater.PassSoak }
	if run == nil || !slices.ContainsFunc(run.Measurements, func(m highwater.Measurement) bool { return !soak(m) }) {
		return // a soak takes as long as it was given
	}
	p.heading("time")
	if run.Preparing > 0 {
		p.note("  ", "preparing", seconds(run.Preparing)+", before the first process")
	}
	p.note("  ", "processes", times(run, ""))
	rows := slices.Clone(p.report.Rows)
	slices.SortStableFunc(rows, func(a, b highwater.Row) int { return cmp.Compare(b.Seconds, a.Seconds) })
	label := "slowest"
	for _, row := range rows[:min(len(rows), slowestShown)] {
		p.note("  ", label, seconds(row.Seconds)+"  "+name(row.Scenario.ID()))
		label = ""
	}
}
