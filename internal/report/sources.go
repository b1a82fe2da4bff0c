package report

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
)

// against says with what kind of thing a report compares.
func against(r *highwater.Report) string {
	if r.Base != nil {
		return "against "
	}
	return "against baseline "
}

// revision names the commit of a source tree by its hash and its subject, "" where
// it has none.
func revision(s *highwater.Source) string {
	if s.Revision == "" {
		return ""
	}
	text := s.Revision[:min(7, len(s.Revision))]
	if s.Subject != "" {
		text += " " + shorten(s.Subject, 72)
	}
	if s.Dirty {
		text += ", with changes that are not committed"
	}
	return text
}

// sources names the two source trees that the report compares.
func (p *printer) sources() {
	for _, s := range bothSources(p.report) {
		parts := []string{name(s.source.Name)}
		if s.source.Dependency != "" {
			parts = append(parts, "with "+name(s.source.Dependency))
		}
		if r := revision(s.source); r != "" {
			parts = append(parts, clean(r))
		}
		p.paragraph(plain, s.side+"  ", strings.Join(parts, "  "))
		for _, n := range s.source.Notes {
			p.paragraph(dim, "      ", clean(n))
		}
	}
}

// sources names them under the verdict of a page.
func (d *page) sources() {
	for _, s := range bothSources(d.report) {
		text := codeSpan(s.source.Name)
		if s.source.Dependency != "" {
			text += " with " + codeSpan(s.source.Dependency)
		}
		if r := revision(s.source); r != "" {
			text += ": " + prose(r)
		}
		for _, n := range s.source.Notes {
			text += "; " + prose(n)
		}
		fmt.Fprintf(&d.out, "\n- %s %s", s.side, text)
	}
	if d.report.Base != nil {
		d.out.WriteString("\n")
	}
}

type sideSource struct {
	side   string
	source *highwater.Source
}

func bothSources(r *highwater.Report) []sideSource {
	if r.Base == nil || r.Head == nil {
		return nil
	}
	return []sideSource{{"base", r.Base}, {"head", r.Head}}
}
