package report

import (
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/highwater-dev/highwater"
)

// Text renders for people. A report of many scenarios stays a row each.
type Text struct {
	// Width is the terminal's, in columns. 0 means that the text goes into a
	// pipe or a file: plain aligned text, nothing cut off, no colour.
	Width int
	// Color allows colour on a terminal. Whether NO_COLOR is set is for the
	// caller to find out.
	Color bool
	// Verbose adds what figures consist of and how they came about.
	Verbose bool
}

var _ highwater.Reporter = Text{}

// minWidth is the narrowest terminal that is laid out for; a narrower one breaks
// lines by itself.
const minWidth = 80

// Render implements [highwater.Reporter].
func (t Text) Render(w io.Writer, r *highwater.Report) error {
	p := &printer{Text: t, report: r}
	if t.Width > 0 {
		p.Width = max(t.Width, minWidth)
	}
	p.Color = t.Color && t.Width > 0
	p.sources()
	p.tables()
	p.soaks()
	p.problems()
	p.knowns()
	p.mismatches()
	p.asides()
	if t.Verbose {
		p.details()
		p.time()
	}
	p.summary()
	_, err := io.WriteString(w, p.out.String())
	return err
}

// printer writes one report.
type printer struct {
	Text
	report *highwater.Report
	out    strings.Builder
}

// paint gives text its look; without colour it is the text itself.
func (p *printer) paint(i ink, text string) string {
	if !p.Color || i == plain || text == "" {
		return text
	}
	return inks[i].Render(text)
}

func (p *printer) line(format string, args ...any) {
	fmt.Fprintf(&p.out, format+"\n", args...)
}

// gap makes an empty line between sections.
func (p *printer) gap() {
	if p.out.Len() > 0 {
		p.out.WriteByte('\n')
	}
}

// paragraph writes text after an indentation, on a terminal broken at words,
// with the further lines below the text of the first.
func (p *printer) paragraph(i ink, indent, text string) {
	lines := []string{text}
	if p.Width > 0 {
		lines = strings.Split(lipgloss.Wrap(text, p.Width-lipgloss.Width(indent), " "), "\n")
	}
	for n, l := range lines {
		if n > 0 {
			indent = strings.Repeat(" ", lipgloss.Width(indent))
		}
		p.line("%s%s", indent, p.paint(i, strings.TrimRight(l, " ")))
	}
}

// heading begins a section.
func (p *printer) heading(text string) {
	p.gap()
	p.title(text)
}

// title writes a line that is cut where the terminal ends.
func (p *printer) title(text string) {
	if p.Width > 0 {
		text = shorten(text, p.Width)
	}
	p.line("%s", p.paint(strong, text))
}

// verdict is a verdict's name. Those of third parties may be of any length.
func verdict(v highwater.Verdict) string { return shorten(name(string(v)), 16) }

// inkOf is the colour of a verdict.
func inkOf(v highwater.Verdict) ink {
	switch v {
	case highwater.VerdictPass:
		return good
	case highwater.VerdictNew, highwater.VerdictUnjudged, highwater.VerdictUnsupported:
		return dim
	case highwater.VerdictWarn, highwater.VerdictInconclusive:
		return caution
	default:
		return bad
	}
}

// mismatches says in what run and baseline differ.
func (p *printer) mismatches() {
	if len(p.report.Mismatches) == 0 {
		return
	}
	p.heading("conditions that differ from the baseline's")
	for _, m := range p.report.Mismatches {
		what, consequence := differs(m)
		p.paragraph(plain, "  ", sentence(what+": "+consequence))
	}
}

// asides says what was not measured or judged, and what to know about figures.
func (p *printer) asides() {
	unmeasured, unjudged, notes := asides(p.report)
	for _, s := range []struct {
		title string
		said  remarks
	}{{"not measured", unmeasured}, {"new, or not judged", unjudged}, {"notes", notes}} {
		if len(s.said) == 0 {
			continue
		}
		p.heading(s.title)
		for _, r := range s.said {
			p.paragraph(plain, "  ", sentence(r.text)+" ("+p.scenarios(r.scenarios)+")")
		}
	}
}

// scenarios names the scenarios that a remark is about.
func (p *printer) scenarios(ids []string) string {
	if total := len(p.report.Rows); len(ids) == total && total > 2 {
		return fmt.Sprintf("all %d scenarios", total)
	}
	most := 4
	if p.Verbose {
		most = len(ids)
	}
	var names []string
	for _, id := range ids {
		if n := name(id); n != "" {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return "the run"
	}
	return some(names, most)
}

// summary is the last line: what came of it, and where everything is.
func (p *printer) summary() {
	r := p.report
	p.gap()
	parts := []string{tally(r)}
	if r.BaseName != "" {
		parts = append(parts, against(r)+name(r.BaseName))
	}
	parts = append(parts, seconds(r.Seconds))
	// The path stands whole, as it is there to be copied.
	if r.RunFile != "" {
		parts = append(parts, clean(r.RunFile))
	} else if r.RunID != "" {
		parts = append(parts, "run "+name(r.RunID))
	}
	p.line("%s  %s", p.paint(inkOf(r.Verdict), verdict(r.Verdict)), strings.Join(parts, ", "))
}
