package report

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
)

// htmlView words the whole report.
func htmlView(r *highwater.Report) htmlPage {
	v := htmlPage{Title: "memory of " + strings.SplitN(sentence(tally(r)), ":", 2)[0], Tally: sentence(tally(r)), Verdict: badgeOf(r.Verdict)}
	if r.BaseName != "" {
		v.Meta = append(v.Meta, against(r)+name(r.BaseName))
	}
	v.Meta = append(v.Meta, "measured in "+seconds(r.Seconds))
	if r.RunID != "" {
		v.Meta = append(v.Meta, "run "+name(r.RunID))
	}
	for _, s := range bothSources(r) {
		text := s.side + " " + name(s.source.Name) + " " + clean(revision(s.source))
		if s.source.Dependency != "" {
			text += " with " + name(s.source.Dependency)
		}
		v.Meta = append(v.Meta, strings.TrimSpace(text))
		for _, n := range s.source.Notes {
			v.Meta = append(v.Meta, sentence(n))
		}
	}
	for _, row := range soakRows(r) {
		v.Soaks = append(v.Soaks, htmlSoakOf(r, row))
	}
	v.Table = htmlRows(r)
	if v.Table != nil && !commands(r) {
		v.Legend = "peak and sustained are bytes a session; budget is the most that " + budgetOf(gateRows(r)[0]) + " may be; below a scenario is the line of source behind the peak"
	}
	all := apart(problems(r))
	for i, f := range all {
		v.Findings = append(v.Findings, htmlFindingOf(r, f, i > 0 && sameEvidence(all[i-1], f), i > 0 && sameHunk(all[i-1], f)))
	}
	for _, f := range knowns(r) {
		v.Known = append(v.Known, htmlFindingOf(r, f, false, false))
	}
	v.Asides = htmlAsides(r)
	for _, c := range environment(r.Env) {
		if text := name(c.text); strings.TrimSpace(text) != "" {
			v.Environment = append(v.Environment, htmlFact{c.label, text})
		}
	}
	v.Command, v.RunFile = reproduce(r), clean(clip(r.RunFile))
	return v
}

// reproduce are the lines that make the same again, for a shell.
func reproduce(r *highwater.Report) []string {
	var lines []string
	if rev := r.Env.Revision; rev != "" {
		line := "git checkout " + shellQuote(rev)
		if r.Env.Dirty {
			line += "  # and the changes that were not committed"
		}
		lines = append(lines, sentence(line))
	}
	for _, c := range commandsOf(r) {
		var words []string
		for _, w := range c {
			words = append(words, shellQuote(w))
		}
		lines = append(lines, sentence(strings.Join(words, " ")))
	}
	return lines
}

func htmlAsides(r *highwater.Report) []htmlAside {
	var as []htmlAside
	var differences []string
	for _, m := range r.Mismatches {
		what, consequence := differs(m)
		differences = append(differences, sentence(what+": "+consequence))
	}
	var figures []string
	for i := range r.Rows {
		for _, text := range besides(r, &r.Rows[i]) {
			figures = append(figures, name(r.Rows[i].Scenario.ID())+": "+sentence(text))
		}
	}
	as = append(as, htmlAside{"Conditions that differ from the baseline's", differences}, htmlAside{"Sessions and child processes", figures})
	unmeasured, unjudged, notes := asides(r)
	for _, s := range []struct {
		title string
		said  remarks
	}{{"Not measured", unmeasured}, {"New, or not judged", unjudged}, {"Notes", notes}} {
		a := htmlAside{Title: s.title}
		for _, said := range s.said {
			text := sentence(said.text)
			if of := strings.Join(names(said.scenarios), ", "); of != "" {
				text += " (" + of + ")"
			}
			a.Lines = append(a.Lines, text)
		}
		as = append(as, a)
	}
	var kept []htmlAside
	for _, a := range as {
		if len(a.Lines) > 0 {
			kept = append(kept, a)
		}
	}
	return kept
}

// htmlRows is the table of what is no soak, nil where there is nothing else.
func htmlRows(r *highwater.Report) *htmlTable {
	rows := gateRows(r)
	if len(rows) == 0 {
		return nil
	}
	t := &htmlTable{Heads: []htmlCell{{Text: "scenario"}, {Text: "verdict"}}}
	for _, metric := range shown(r) {
		m, _ := highwater.MetricByName(metric)
		t.Heads = append(t.Heads, htmlCell{Text: m.Title, Right: true})
	}
	if r.BaseName != "" {
		t.Heads = append(t.Heads, htmlCell{Text: "vs base", Right: true})
	}
	t.Heads = append(t.Heads, htmlCell{Text: "budget"})
	for _, row := range rows {
		b := badgeOf(row.Verdict)
		cells := []htmlCell{{Text: name(row.Scenario.ID())}, {Badge: &b}}
		if l, ok := behind(row.Sites); ok && !commands(r) {
			cells[0].More = l.text(maxName) // behind the peak
		}
		for _, metric := range shown(r) {
			cells = append(cells, htmlCell{Text: figure(row, metric), Right: true, Failed: failed(row, metric)})
		}
		if r.BaseName != "" {
			cells = append(cells, htmlCell{Text: versus(row), Right: true})
		}
		cells = append(cells, htmlCell{Text: budget(row), More: sentence(reasons(row))})
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func htmlFindingOf(r *highwater.Report, f problem, same, told bool) htmlFinding {
	v := htmlFinding{
		Verdict: badgeOf(f.Verdict), Scenario: name(f.Scenario), Metric: name(f.Metric), About: f.about(),
		Reason: sentence(f.Reason), Hint: sentence(f.Hint), Known: sentence(f.Known), Printed: f.printed(r, tailShownVerbose),
	}
	if same {
		v.EvidenceLeft = "the same sites as above"
		return v
	}
	v.Command = f.command()
	for i, e := range f.Evidence {
		if i == sitesShownVerbose {
			v.EvidenceLeft = "and " + number(len(f.Evidence)-i, "more site", "more sites")
			break
		}
		size, note := part(f.Finding, e)
		v.Evidence = append(v.Evidence, htmlEvidence{size, percent(e.Share), name(shortFunc(e.Site.Where.Func)), name(place(e.Site.Where)), note})
	}
	if e := explained(f.Finding); e != nil && !told {
		lines, more := hunkLines(*e.Hunk)
		v.Diff = name(whereabouts(*e.Hunk))
		for _, l := range lines {
			class := map[byte]string{'+': "added", '-': "removed"}[(l + " ")[0]]
			v.Hunk = append(v.Hunk, htmlLine{class, shorten(l, maxName)})
		}
		if more > 0 {
			v.HunkLeft = fmt.Sprintf("… and %s more", number(more, "line", "lines"))
		}
	}
	return v
}

func htmlSoakOf(r *highwater.Report, row *highwater.Row) htmlSoak {
	s := soakOf(r, row)
	_, hasTrend := s.trend()
	v := htmlSoak{
		Scenario: name(row.Scenario.ID()), Headline: sentence(s.headline(r)), Verdict: badgeOf(row.Verdict), Of: quantity(s.Of),
		Main: s.mainCharts(), HasTrend: hasTrend, HasWarm: s.Warm > 0, Charts: s.charts(), Suspects: s.suspects(), SuspectCharts: s.suspectCharts(),
	}
	for _, f := range s.facts() {
		v.Facts = append(v.Facts, htmlFact{f.label, sentence(f.text)})
	}
	for _, m := range highwater.Metrics() {
		if x, ok := row.Summaries[m.Name]; ok { // measured in other passes, too
			v.Facts = append(v.Facts, htmlFact{m.Title, m.Format(x.Center) + per(m.Unit)})
		}
	}
	for _, f := range s.problems(r) {
		if s.allSuspected(f.Evidence) {
			f.Evidence = nil
		}
		v.Findings = append(v.Findings, htmlFindingOf(r, f, false, false))
	}
	for _, a := range s.asides() {
		shown := htmlAside{Title: capital(a.title)}
		for _, l := range a.lines {
			shown.Lines = append(shown.Lines, sentence(l))
		}
		v.Asides = append(v.Asides, shown)
	}
	return v
}
