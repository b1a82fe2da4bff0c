package report

import (
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// The columns of the table by key. Where a terminal is too narrow they give way
// in the order of givesWay: the source line moves below its row, the budget into
// a caption, long names of scenarios are shortened, and then the rest leaves the
// table; --verbose has every figure.
const (
	colScenario  = "scenario"
	colPeak      = highwater.Peak
	colSustained = highwater.Sustained
	colFootprint = highwater.Footprint
	colAllocs    = highwater.Allocs
	colGC        = highwater.GCPressure
	colBudget    = "budget"
	colVersus    = "versus"
	colVerdict   = "verdict"
	colSource    = "source"
)

var givesWay = []string{colSource, colBudget, colAllocs, colFootprint, colVersus, colGC, highwater.TreeCgroup, highwater.TreeFootprint}

// nameWidth is what a scenario's name keeps while there are columns to drop.
const nameWidth = 28

// sourceWidth is what a source line needs to be of use in a column of its own.
const sourceWidth = 36

func (p *printer) columns() []column {
	cs := []column{{key: colScenario, head: "scenario"}}
	for _, metric := range shown(p.report) {
		m, _ := highwater.MetricByName(metric)
		cs = append(cs, column{key: metric, head: m.Title, right: true})
	}
	cs = append(cs, column{key: colBudget, head: "budget"})
	if p.report.BaseName != "" {
		cs = append(cs, column{key: colVersus, head: "vs base", right: true})
	}
	cs = append(cs, column{key: colVerdict, head: "verdict"})
	if !commands(p.report) {
		cs = append(cs, column{key: colSource, head: "behind the peak"})
	}
	return cs
}

// tables writes one table for each group, all with the same columns, and the
// comparison of a suite's variants.
func (p *printer) tables() {
	gs := groups(p.report)
	var cells [][]map[string]cell
	for _, g := range gs {
		cells = append(cells, p.cells(g))
	}
	columns, dropped := p.fit(p.columns(), cells)
	has := func(key string) bool {
		return slices.ContainsFunc(columns, func(c column) bool { return c.key == key })
	}
	for i, g := range gs {
		p.gap()
		if title := g.title(); title != "" {
			p.title(name(title))
		}
		if usual := common(g.rows); usual != "-" && !has(colBudget) {
			p.line("%s", p.paint(dim, "budget: "+usual+"  ("+budgetOf(g.rows[0])+")"))
		}
		p.table(columns, cells[i], g.rows, !has(colSource))
		p.footnotes(g.rows)
		p.besides(g.rows)
		if i+1 == len(gs) || gs[i+1].suite != g.suite {
			p.comparison(gs, g.suite)
		}
	}
	p.legend(has(colBudget), dropped)
}

func (p *printer) cells(g group) []map[string]cell {
	var all []map[string]cell
	usual := common(g.rows)
	marked := map[string]bool{}
	for _, row := range g.rows {
		label := name(row.Scenario.Name)
		if footnote(row, usual) != "" {
			label += "*"
		}
		cs := map[string]cell{
			colScenario: {label, plain},
			colBudget:   {budget(row), dim},
			colVersus:   {versus(row), plain},
			colVerdict:  {verdict(row.Verdict), inkOf(row.Verdict)},
		}
		for _, metric := range shown(p.report) {
			c := cell{text: figure(row, metric)}
			if failed(row, metric) {
				c, marked[metric] = cell{c.text + "!", bad}, true
			}
			cs[metric] = c
		}
		if l, ok := behind(row.Sites); ok {
			cs[colSource] = cell{l.text(maxName), dim}
		}
		all = append(all, cs)
	}
	for _, cs := range all {
		alignMarks(cs, marked)
	}
	return all
}

// alignMarks keeps figures below each other where some of a column have a mark
// behind them.
func alignMarks(cs map[string]cell, marked map[string]bool) {
	for key := range marked {
		if c := cs[key]; !strings.HasSuffix(c.text, "!") {
			cs[key] = cell{c.text + " ", c.ink}
		}
	}
}

// fit chooses the columns that the terminal has room for. In a pipe there is
// room for all.
func (p *printer) fit(columns []column, cells [][]map[string]cell) (fitting []column, dropped []string) {
	measureColumns(columns, cells...)
	if p.Width == 0 {
		return columns, nil
	}
	// The source line may be cut, down to a width at which it still says
	// something.
	if source := &columns[len(columns)-1]; source.key == colSource {
		room := p.Width - (totalWidth(columns) - source.width)
		if source.width > room && room >= sourceWidth {
			source.width = room
		}
	}
	for _, key := range givesWay {
		if totalWidth(columns) <= p.Width {
			return columns, dropped
		}
		columns = slices.DeleteFunc(columns, func(c column) bool {
			if c.key == key && key != colSource && key != colBudget {
				dropped = append(dropped, c.head)
			}
			return c.key == key
		})
		if over := totalWidth(columns) - p.Width; over > 0 && key == colBudget {
			columns[0].width = max(columns[0].width-over, min(columns[0].width, nameWidth))
		}
	}
	if over := totalWidth(columns) - p.Width; over > 0 {
		columns[0].width = max(columns[0].width-over, 12)
	}
	return columns, dropped
}

// table writes the rows; below each its source line where that has no column.
func (p *printer) table(columns []column, rows []map[string]cell, of []*highwater.Row, below bool) {
	for _, cs := range rows {
		cs[colScenario] = cell{shorten(cs[colScenario].text, columns[0].width), cs[colScenario].ink}
	}
	if last := columns[len(columns)-1]; last.key == colSource && p.Width > 0 {
		for i, row := range of {
			if l, ok := behind(row.Sites); ok {
				rows[i][colSource] = cell{shorten(l.text(last.width), last.width), dim}
			}
		}
	}
	lines := plainTable(columns, rows)
	if p.Width > 0 {
		lines = terminalTable(columns, rows, p.Color)
	}
	p.line("%s", lines[0])
	for i, l := range lines[1:] {
		p.line("%s", l)
		if source, ok := behind(of[i].Sites); below && ok {
			p.line("%s", p.paint(dim, "  "+shorten(source.text(p.Width-2), p.Width-2)))
		}
	}
}

// footnotes say why a row has a budget of its own.
func (p *printer) footnotes(rows []*highwater.Row) {
	usual := common(rows)
	var notes remarks
	for _, row := range rows {
		if note := footnote(row, usual); note != "" {
			notes.add(note, row.Scenario.Name)
		}
	}
	for _, n := range notes {
		p.paragraph(dim, "* ", strings.Join(names(n.scenarios), ", ")+": "+sentence(n.text))
	}
}

// besides writes the figures that only some scenarios have.
func (p *printer) besides(rows []*highwater.Row) {
	for _, row := range rows {
		for _, text := range besides(p.report, row) {
			p.paragraph(dim, "+ ", name(row.Scenario.Name)+": "+text)
		}
	}
}

// legend explains what the tables do not say themselves.
func (p *printer) legend(budget bool, dropped []string) {
	rows := gateRows(p.report)
	if len(rows) == 0 {
		return
	}
	said := []string{"peak and sustained are bytes a session"}
	if commands(p.report) {
		said = []string{"footprint is of the first process, tree of all (shared memory counted once), tree footprint their high-water marks together"}
	}
	if budget {
		said = append(said, "budget is the most that "+budgetOf(rows[0])+" may be")
	}
	if slices.ContainsFunc(rows, func(r *highwater.Row) bool {
		return slices.ContainsFunc(r.Findings, func(f highwater.Finding) bool { return f.Verdict == highwater.VerdictFail && f.Metric != "" })
	}) {
		said = append(said, "! failed")
	}
	if len(dropped) > 0 {
		said = append(said, "no room for "+strings.Join(dropped, ", ")+" (see --verbose)")
	}
	p.gap()
	p.paragraph(dim, "", strings.Join(said, "; "))
}

// comparison sets the variants of a suite side by side, for the two figures that
// budgets are about.
func (p *printer) comparison(gs []group, suite string) {
	scenarios, variants, rows := compared(gs, suite)
	if len(variants) < 2 {
		return
	}
	for _, metric := range []string{highwater.Peak, highwater.Sustained} {
		columns := []column{{key: colScenario, head: "scenario"}}
		for _, v := range variants {
			head := name(v)
			if head == "" {
				head = "(none)"
			}
			columns = append(columns, column{key: "@" + v, head: shorten(head, 20), right: true})
		}
		var cells []map[string]cell
		marked := map[string]bool{}
		for _, s := range scenarios {
			cs := map[string]cell{colScenario: {text: name(s)}}
			for _, v := range variants {
				c := cell{text: "-"}
				if row := rows[s][v]; row != nil {
					c.text = figure(row, metric)
					if failed(row, metric) {
						c, marked["@"+v] = cell{c.text + "!", bad}, true
					}
				}
				cs["@"+v] = c
			}
			cells = append(cells, cs)
		}
		for _, cs := range cells {
			alignMarks(cs, marked)
		}
		measureColumns(columns, cells)
		p.heading(strings.TrimSpace(name(suite) + " by variant: " + metric))
		for _, part := range p.split(columns) {
			if p.Width > 0 {
				for _, l := range terminalTable(part, cells, p.Color) {
					p.line("%s", l)
				}
				continue
			}
			for _, l := range plainTable(part, cells) {
				p.line("%s", l)
			}
		}
	}
}

// split breaks columns that do not fit into several tables, each with the
// scenarios.
func (p *printer) split(columns []column) [][]column {
	parts := [][]column{columns[:1:1]}
	for _, c := range columns[1:] {
		last := parts[len(parts)-1]
		if p.Width > 0 && len(last) > 1 && totalWidth(append(last[:len(last):len(last)], c)) > p.Width {
			parts = append(parts, columns[:1:1])
			last = parts[len(parts)-1]
		}
		parts[len(parts)-1] = append(last, c)
	}
	return parts
}
