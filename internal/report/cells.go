package report

import (
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// figure is a metric of a row as a table shows it. Without a value it is a dash,
// and the section on what was not measured, or a finding, says why.
func figure(row *highwater.Row, metric string) string {
	m, _ := highwater.MetricByName(metric)
	s, ok := row.Summaries[metric]
	if !ok {
		return "-"
	}
	return m.Format(s.Center)
}

// failed is whether it is this figure that the row fails for.
func failed(row *highwater.Row, metric string) bool {
	return slices.ContainsFunc(row.Findings, func(f highwater.Finding) bool {
		return f.Metric == metric && f.Verdict == highwater.VerdictFail
	})
}

// versus is how the peak, or a command's whole tree, has changed against the
// baseline.
func versus(row *highwater.Row) string {
	main := highwater.Peak
	if row.Scenario.Outside {
		main = highwater.Footprint
		if _, ok := row.Summaries[highwater.TreePSS]; ok {
			main = highwater.TreePSS
		}
	}
	for _, f := range row.Findings {
		switch {
		case f.Verdict == highwater.VerdictNew:
			return "new"
		case f.Check == "baseline" && f.Metric == main && f.Reference != nil:
			return change(f.Change)
		}
	}
	return "-"
}

// The metrics that a table shows, and those of commands, of which a probe has seen
// nothing.
var (
	tableMetrics   = []string{highwater.Peak, highwater.Sustained, highwater.Footprint, highwater.Allocs, highwater.GCPressure}
	commandMetrics = []string{highwater.Footprint, highwater.TreePSS, highwater.TreeFootprint, highwater.TreeCgroup}
)

// commands reports whether there is nothing but commands.
func commands(r *highwater.Report) bool {
	rows := gateRows(r)
	return len(rows) > 0 && !slices.ContainsFunc(rows, func(row *highwater.Row) bool { return !row.Scenario.Outside })
}

// shown are the metrics that the report's tables show.
func shown(r *highwater.Report) []string {
	if !commands(r) {
		return tableMetrics
	}
	return slices.DeleteFunc(slices.Clone(commandMetrics), func(metric string) bool {
		return !slices.ContainsFunc(gateRows(r), func(row *highwater.Row) bool { _, ok := row.Summaries[metric]; return ok })
	})
}

// budgeted are the metrics of which a table shows the limits.
func budgeted(row *highwater.Row) []string {
	if row.Scenario.Outside {
		return []string{highwater.Footprint, highwater.TreePSS, highwater.TreeFootprint}
	}
	return []string{highwater.Peak, highwater.Sustained, highwater.GCPressure}
}

// budgetOf says what the parts of a budget are of: peak / sustained / gc.
func budgetOf(row *highwater.Row) string {
	var titles []string
	for _, metric := range budgeted(row) {
		m, _ := highwater.MetricByName(metric)
		titles = append(titles, m.Title)
	}
	return strings.Join(titles, " / ")
}

// budget is a row's limits, as in 3 MB / 2.5 MB / 0.80.
func budget(row *highwater.Row) string {
	var parts []string
	none := true
	for _, metric := range budgeted(row) {
		part := "-"
		for _, l := range row.Limits {
			if l.Metric == metric {
				m, _ := highwater.MetricByName(metric)
				part, none = bound(m, l.Bound), false
				if unbreakable(m, l) {
					part = "-"
				}
			}
		}
		parts = append(parts, part)
	}
	if none {
		return "-"
	}
	return strings.Join(parts, " / ")
}

// unbreakable reports a limit that no value of the metric is over. It is shown
// as none.
func unbreakable(m highwater.Metric, l highwater.Limit) bool {
	return m.Name == highwater.GCPressure && l.Bound >= 1
}

// own are the limits that the scenario declares for itself, with the reason.
func own(row *highwater.Row) []highwater.Limit {
	var ls []highwater.Limit
	for _, l := range row.Limits {
		if l.Reason != "" {
			ls = append(ls, l)
		}
	}
	return ls
}

// reasons words a row's own limits, one sentence for each reason: peak 5 MB,
// sustained 4 MB: keeps 10,000 lines.
func reasons(row *highwater.Row) string {
	var said remarks
	for _, l := range own(row) {
		m, ok := highwater.MetricByName(l.Metric)
		if !ok {
			m = highwater.Metric{Name: l.Metric}
		}
		if unbreakable(m, l) {
			said.add(l.Reason, m.Name+" has no limit")
			continue
		}
		said.add(l.Reason, m.Name+" "+bound(m, l.Bound))
	}
	var sentences []string
	for _, s := range said {
		sentences = append(sentences, strings.Join(s.scenarios, ", ")+": "+s.text)
	}
	return strings.Join(sentences, "; ")
}

// footnote says why a row's budget is not the usual one, "" where it is.
func footnote(row *highwater.Row, usual string) string {
	if said := reasons(row); said != "" {
		return said
	}
	if b := budget(row); b != usual {
		return "budget " + b
	}
	return ""
}

// common is the budget that most rows have, of those with no reason for their
// own.
func common(rows []*highwater.Row) string {
	n := map[string]int{}
	best := ""
	usual := func(row *highwater.Row) bool { return len(own(row)) == 0 }
	for _, row := range rows {
		if slices.ContainsFunc(rows, usual) && !usual(row) {
			continue
		}
		b := budget(row)
		n[b]++
		if n[b] > n[best] {
			best = b
		}
	}
	return best
}

// compared gathers the variants of one suite for the comparison table: the
// scenarios in the report's order, and rows[scenario][variant].
func compared(gs []group, suite string) (scenarios, variants []string, rows map[string]map[string]*highwater.Row) {
	rows = map[string]map[string]*highwater.Row{}
	for _, g := range gs {
		if g.suite != suite {
			continue
		}
		variants = append(variants, g.variant)
		for _, row := range g.rows {
			n := row.Scenario.Name
			if rows[n] == nil {
				rows[n] = map[string]*highwater.Row{}
				scenarios = append(scenarios, n)
			}
			rows[n][g.variant] = row
		}
	}
	return scenarios, variants, rows
}
