package main

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// The size of a cell and of the margin, in SVG units.
const (
	cellWidth  = 8.4
	lineHeight = 18
	fontSize   = 14
	margin     = 16
	baseline   = 13.5 // from the top of a line
)

// render writes the lines as an SVG that is cols cells wide, or wider where a
// line is.
func render(w io.Writer, lines [][]span, cols int, title string) error {
	for _, l := range lines {
		if n := len(l); n > 0 {
			cols = max(cols, l[n-1].col+l[n-1].cells)
		}
	}
	width, height := 2*margin+float64(cols)*cellWidth, 2*margin+len(lines)*lineHeight
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %d" width="%.0f" height="%d" role="img" aria-label="%s">`+"\n",
		width, height, width, height, quote(title))
	fmt.Fprintf(b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", background)
	fmt.Fprintf(b, `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="%d" fill="%s">`+"\n",
		fontSize, foreground)
	for i, l := range lines {
		for _, r := range l {
			r.write(b, margin+i*lineHeight)
		}
	}
	fmt.Fprintln(b, "</g>\n</svg>")
	return b.Flush()
}

// write writes one run on the line whose top is at y.
func (r span) write(w io.Writer, y int) {
	s := r.style
	if s.reverse {
		s.fg, s.bg = or(s.bg, background), or(s.fg, foreground)
	}
	x, width := margin+float64(r.col)*cellWidth, float64(r.cells)*cellWidth
	if s.bg != "" {
		fmt.Fprintf(w, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n", x, y, width, lineHeight, s.bg)
	}
	for _, piece := range r.pieces() {
		fmt.Fprintf(w, `<text x="%.1f" y="%.1f" textLength="%.1f"%s>%s</text>`+"\n",
			margin+float64(piece.col)*cellWidth, float64(y)+baseline, float64(piece.cells)*cellWidth, s.attributes(), quote(piece.text))
	}
}

// pieces are the parts of the run between blanks. A single blank stays in its
// piece; of more than one, browsers show one.
func (r span) pieces() []span {
	var all []span
	col := r.col
	for text := r.text; text != ""; {
		trimmed := strings.TrimLeft(text, " ")
		col += len(text) - len(trimmed)
		piece, _, _ := strings.Cut(trimmed, "  ")
		text = trimmed[len(piece):]
		if n := cells(piece); n > 0 {
			piece = strings.TrimRight(piece, " ")
			all = append(all, span{col, cells(piece), piece, r.style})
			col += n
		}
	}
	return all
}

func (s style) attributes() string {
	a := ""
	if s.fg != "" {
		a += ` fill="` + s.fg + `"`
	}
	if s.bold {
		a += ` font-weight="bold"`
	}
	if s.faint {
		a += ` opacity="0.65"`
	}
	if s.italic {
		a += ` font-style="italic"`
	}
	if s.underline {
		a += ` text-decoration="underline"`
	}
	return a
}

func or(colour, otherwise string) string {
	if colour == "" {
		return otherwise
	}
	return colour
}

// quote escapes text for XML.
func quote(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}
