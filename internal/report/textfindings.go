package report

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/highwater-dev/highwater"
)

const (
	sitesShown        = 5
	sitesShownVerbose = 20
	tailShown         = 8
	tailShownVerbose  = 60
)

// problems writes the findings that need attention: what, why, where in the
// source, what to do, and the command that shows more.
func (p *printer) problems() {
	all := apart(problems(p.report)) // those of a soak stand in its block
	if len(all) == 0 {
		return
	}
	p.heading("findings")
	for i, f := range all {
		if i > 0 {
			p.gap()
		}
		// Peak and sustained of one scenario commonly fail for one reason.
		p.problem(f, i > 0 && sameEvidence(all[i-1], f), i > 0 && sameHunk(all[i-1], f))
	}
}

// knowns writes the regressions that are accepted for a time, two lines each: they are
// not to hide what is new, and not to be forgotten.
func (p *printer) knowns() {
	all := knowns(p.report)
	if len(all) == 0 {
		return
	}
	p.heading("known regressions, which do not fail the gate")
	for _, f := range all {
		p.paragraph(plain, "  ", sentence(f.Reason))
		p.paragraph(dim, "    ", sentence(f.Known))
	}
}

func (p *printer) problem(f problem, same, told bool) {
	head := []string{p.paint(inkOf(f.Verdict), verdict(f.Verdict))}
	for _, s := range []string{name(f.Scenario), name(f.Metric)} {
		if s != "" {
			head = append(head, p.paint(strong, s))
		}
	}
	if about := f.about(); about != "" {
		head = append(head, "("+about+")")
	}
	text := strings.Join(head, "  ")
	if p.Width > 0 && lipgloss.Width(text) > p.Width {
		text = lipgloss.Wrap(text, p.Width, " ")
	}
	p.line("%s", text)
	if f.Reason != "" {
		p.paragraph(plain, "  ", sentence(f.Reason))
	}
	if same {
		p.line("    %s", p.paint(dim, "the same sites as above"))
	} else {
		p.evidence(f)
		if told {
			p.line("    %s", p.paint(dim, "the same change as above"))
		} else {
			p.source(f)
		}
	}
	lines := tailShown
	if p.Verbose {
		lines = tailShownVerbose
	}
	for _, l := range f.printed(p.report, lines) {
		// Cut rather than broken: these lines are read by their left edge.
		if p.Width > 0 {
			l = shorten(l, p.Width-6)
		}
		p.line("    %s", p.paint(dim, strings.TrimRight("| "+l, " ")))
	}
	if f.Hint != "" {
		p.paragraph(plain, "  hint: ", sentence(f.Hint))
	}
	if c := f.command(); c != "" && !same {
		p.line("  see:  %s", c)
	}
}

// evidence writes the allocation sites behind a finding.
func (p *printer) evidence(f problem) {
	shown := f.Evidence
	most := sitesShown
	if p.Verbose {
		most = sitesShownVerbose
	}
	if len(shown) > most {
		shown = shown[:most]
	}
	columns := []column{{key: "size", right: true}, {key: "share", right: true}, {key: "func"}, {key: "place"}, {key: "note"}}
	var rows []map[string]cell
	for _, e := range shown {
		size, note := part(f.Finding, e)
		if note != "" {
			note = "(" + note + ")"
		}
		rows = append(rows, map[string]cell{
			"size": {text: size}, "share": {text: percent(e.Share)}, "note": {text: note},
			"func": {text: name(shortFunc(e.Site.Where.Func))}, "place": {text: name(place(e.Site.Where))},
		})
	}
	measureColumns(columns, rows)
	if over := totalWidth(columns) + 4 - p.Width; p.Width > 0 && over > 0 {
		columns[2].width = max(columns[2].width-over, 16)
		columns[3].width = min(columns[3].width, 24)
		for _, row := range rows {
			row["func"] = cell{text: shorten(row["func"].text, columns[2].width)}
			row["place"] = cell{text: shorten(row["place"].text, columns[3].width)}
		}
		if totalWidth(columns)+4 > p.Width {
			columns = columns[:4] // without the sizes before and after
		}
	}
	for i, l := range plainTable(columns, rows) {
		if i == 0 {
			continue // the heads, which are empty
		}
		p.line("    %s", l)
	}
	if left := len(f.Evidence) - len(shown); left > 0 {
		var share float64
		for _, e := range f.Evidence[most:] {
			share += e.Share
		}
		p.line("    %s", p.paint(dim, "and "+number(left, "more site", "more sites")+", "+percent(share)))
	}
}

// note writes an indented line that may be wider than the terminal.
func (p *printer) note(indent, label, text string) {
	p.paragraph(plain, indent+label+strings.Repeat(" ", max(13-lipgloss.Width(label), 1)), text)
}

// times words how long each pass of a scenario took, or with no ID that of all.
func times(run *highwater.Run, id string) string {
	if run == nil {
		return ""
	}
	var parts []string
	for _, pass := range highwater.Passes() {
		n, sum := 0, 0.0
		for _, m := range run.Measurements {
			if (id == "" || m.Scenario == id) && m.Pass == pass {
				n, sum = n+1, sum+m.Duration.Seconds()
			}
		}
		if n > 0 {
			part := string(pass) + " " + seconds(sum)
			if n > 1 {
				part += " in " + number(n, "process", "processes")
			}
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}
