package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// hunkShown is how many lines of a hunk a report shows.
const hunkShown = 6

// explained is the first site of a finding that grew and whose hunk is known: the
// one that the finding's reason names. A hunk elsewhere in the package is shown
// too, since there is nothing nearer.
func explained(f highwater.Finding) *highwater.SiteChange {
	for i := range f.Evidence {
		e := &f.Evidence[i]
		if e.After > e.Before || e.AfterObjects > e.BeforeObjects {
			if e.Hunk == nil || len(e.Hunk.Lines) == 0 {
				return nil
			}
			return e
		}
	}
	return nil
}

// sameHunk is whether two findings of one scenario come of the same change.
func sameHunk(a, b problem) bool {
	x, y := explained(a.Finding), explained(b.Finding)
	return x != nil && y != nil && a.Scenario == b.Scenario && x.Hunk.File == y.Hunk.File &&
		x.Hunk.After == y.Hunk.After && slices.Equal(x.Hunk.Lines, y.Hunk.Lines)
}

// whereabouts words where a hunk is: buffer.go:12 in (*Buffer).insertLine.
func whereabouts(h highwater.Hunk) string {
	text := fmt.Sprintf("%s:%d", h.File, h.After)
	if h.In != "" {
		text += " in " + h.In
	}
	if h.Near == highwater.NearPackage {
		text += ", the nearest change in the package"
	}
	return text
}

// hunkLines are the hunk's first lines without the indentation that all of them
// have, fit to be shown, and how many lines there are besides.
func hunkLines(h highwater.Hunk) (lines []string, more int) {
	shown := h.Lines[:min(len(h.Lines), hunkShown)]
	more = max(h.Cut, 0) + len(h.Lines) - len(shown)
	indent := -1
	var split [][2]string
	for _, l := range shown {
		if l == "" {
			l = " "
		}
		sign, text := l[:1], strings.ReplaceAll(l[1:], "\t", "    ")
		split = append(split, [2]string{sign, text})
		if trimmed := strings.TrimLeft(text, " "); trimmed != "" && (indent < 0 || len(text)-len(trimmed) < indent) {
			indent = len(text) - len(trimmed)
		}
	}
	for _, s := range split {
		text := strings.TrimRight(s[0]+" "+s[1][min(max(indent, 0), len(s[1])):], " ")
		lines = append(lines, clean(clip(text)))
	}
	return lines, more
}

// source writes what was changed in the source next to the finding's site.
func (p *printer) source(f problem) {
	e := explained(f.Finding)
	if e == nil {
		return
	}
	lines, more := hunkLines(*e.Hunk)
	if more > 0 {
		lines = append(lines, fmt.Sprintf("  … and %s more", number(more, "line", "lines")))
	}
	width := maxName
	if p.Width > 0 {
		width = max(p.Width-6, 20)
	}
	p.line("    %s", shorten(name(whereabouts(*e.Hunk)), width))
	for _, l := range lines {
		p.line("      %s", shorten(l, width))
	}
}

// diffBlock is the hunk as a fenced block within a list item. A backtick could end
// it, and is replaced as codeSpan does.
func diffBlock(h highwater.Hunk) string {
	lines, more := hunkLines(h)
	var b strings.Builder
	fmt.Fprintf(&b, "  - %s\n\n    ```diff\n", codeSpan(whereabouts(h)))
	for _, l := range lines {
		fmt.Fprintf(&b, "    %s\n", shorten(strings.ReplaceAll(l, "`", "ˋ"), maxName))
	}
	if more > 0 {
		fmt.Fprintf(&b, "    # and %s more\n", number(more, "line", "lines"))
	}
	return b.String() + "    ```\n\n"
}
