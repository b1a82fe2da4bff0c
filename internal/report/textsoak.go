package report

import (
	"slices"
	"strings"
)

// pipeWidth is how wide a chart is where no terminal says.
const pipeWidth = 80

// soaks writes a block for each soak: what came of it, the figures, the chart, who is
// suspected, and what to do.
func (p *printer) soaks() {
	for _, row := range soakRows(p.report) {
		s := soakOf(p.report, row)
		p.gap()
		v := verdict(row.Verdict)
		head := v + "  " + name(row.Scenario.ID())
		if p.Width > 0 {
			head = shorten(head, p.Width)
		}
		p.line("%s%s", p.paint(inkOf(row.Verdict), v), p.paint(strong, strings.TrimPrefix(head, v)))
		p.paragraph(plain, "  ", sentence(s.headline(p.report)))
		p.gap()
		for _, f := range s.facts() {
			p.note("  ", f.label, sentence(f.text))
		}
		if !p.Verbose {
			p.figures(row) // of a scenario that was measured in other passes, too
		}
		width := p.Width
		if width == 0 {
			width = pipeWidth
		}
		if lines := s.chart(min(width, 160), p.paint); len(lines) > 0 {
			p.gap()
			for _, l := range lines {
				p.line("%s", l)
			}
		}
		p.suspects(s)
		p.soakProblems(s)
		p.soakAsides(s)
	}
}

func (p *printer) suspects(s soaked) {
	all := s.suspects()
	if len(all) == 0 {
		return
	}
	p.gap()
	p.line("  %s", p.paint(strong, "suspects"))
	columns := []column{{key: "rate", right: true}, {key: "share", right: true}, {key: "kind"}, {key: "func"}, {key: "place"}, {key: "status"}}
	var rows []map[string]cell
	for _, v := range all {
		rows = append(rows, map[string]cell{
			"rate": {text: v.PerHour}, "share": {text: v.Share}, "kind": {text: v.Kind}, "func": {text: v.Func}, "place": {text: v.Place}, "status": {text: v.Status},
		})
	}
	measureColumns(columns, rows)
	const indent = 4
	if over := totalWidth(columns) + indent - p.Width; p.Width > 0 && over > 0 {
		columns[4].width = min(columns[4].width, 24)
		columns[5].width = min(columns[5].width, 8)
		columns[2].width = min(columns[2].width, 16)
		columns[3].width = max(columns[3].width-max(totalWidth(columns)+indent-p.Width, 0), 12)
		if totalWidth(columns)+indent > p.Width { // names of all kinds are over-long
			columns[0].width, columns[2].width, columns[4].width = min(columns[0].width, 12), min(columns[2].width, 13), min(columns[4].width, 16)
		}
		for _, row := range rows {
			for _, c := range columns {
				row[c.key] = cell{text: shorten(row[c.key].text, c.width)}
			}
		}
	}
	lines := plainTable(columns, rows)[1:]
	for i, l := range lines {
		p.line("%s%s", strings.Repeat(" ", indent), l)
		p.paragraph(dim, strings.Repeat(" ", indent+columns[0].width+columnGap), all[i].more())
	}
}

// soakProblems writes the findings of a soak. Sites that stand among the suspects are
// not told of twice.
func (p *printer) soakProblems(s soaked) {
	for _, f := range s.problems(p.report) {
		p.gap()
		if s.allSuspected(f.Evidence) {
			f.Evidence = nil
		}
		p.problem(f, false, false)
	}
}

// soakAsides writes what is told to everybody, and with Verbose the rest.
func (p *printer) soakAsides(s soaked) {
	shown := s.asides()
	if !p.Verbose {
		shown = slices.DeleteFunc(shown, func(a aside) bool { return !a.needed })
	}
	for _, a := range shown {
		p.gap()
		p.line("  %s", p.paint(strong, a.title))
		for _, l := range a.lines {
			p.paragraph(plain, "    ", sentence(l))
		}
	}
}
