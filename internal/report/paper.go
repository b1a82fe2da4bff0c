package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// Paper is something to be read from the top to the bottom: what matters first, then
// sections with paragraphs, tables and bars. It is rendered as text, Markdown or HTML;
// what comes from outside is made fit to be shown there, and nowhere before.
type Paper struct {
	Title    string
	Lead     []string // lines right below the title
	Sections []Section
}

// Section is a part of a document.
type Section struct {
	Title string
	Lines []string
	Table *Grid
	// Code are lines of source below the rest, as they are.
	Code []string
}

// Grid is a table. Cells are texts of the caller's, or names from outside: all are
// cleaned alike.
type Grid struct {
	Columns []GridColumn
	Rows    [][]string
	// Bars, one for each row, are drawn behind the last column: from 0 to 1. nil: none.
	Bars []float64
}

// GridColumn is the head of a column, and whether its cells are numbers.
type GridColumn struct {
	Head  string
	Right bool
}

// PaperFormats are those that [Paper.Write] knows.
var PaperFormats = []string{"text", "markdown", "html"}

// Write renders the document in one of [PaperFormats].
func (d Paper) Write(w io.Writer, format string) error {
	var b strings.Builder
	switch format {
	case "text":
		d.text(&b)
	case "markdown":
		d.markdown(&b)
	case "html":
		if err := paperPage.Execute(&b, d.clean()); err != nil {
			return fmt.Errorf("rendering as HTML: %w", err)
		}
	default:
		return fmt.Errorf("there is no format %q", format)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Indented writes v as indented JSON that is also fit for a terminal.
func Indented(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(jsonSafe(text), '\n'))
	return err
}

// barCells is how long a bar of 1 is.
const barCells = 24

func bar(part float64) string {
	eighths := int(min(max(part, 0), 1)*barCells*8 + 0.5)
	s := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		s += string([]rune(" ▏▎▍▌▋▊▉")[rest])
	}
	return s
}

func (d Paper) text(b *strings.Builder) {
	fmt.Fprintln(b, sentence(d.Title))
	for _, l := range d.Lead {
		fmt.Fprintf(b, "  %s\n", sentence(l))
	}
	for _, s := range d.Sections {
		fmt.Fprintf(b, "\n%s\n", sentence(s.Title))
		for _, l := range s.Lines {
			fmt.Fprintf(b, "  %s\n", sentence(l))
		}
		if s.Table != nil {
			s.Table.text(b)
		}
		for _, l := range s.Code {
			fmt.Fprintf(b, "    %s\n", codeLine(l))
		}
	}
}

// codeLine is a line of source for a terminal: tabs are four blanks.
func codeLine(l string) string {
	return shorten(clean(clip(strings.ReplaceAll(l, "\t", "    "))), maxName)
}

func (g *Grid) text(b *strings.Builder) {
	columns := make([]column, len(g.Columns))
	for i, c := range g.Columns {
		columns[i] = column{key: fmt.Sprint(i), head: c.Head, right: c.Right}
	}
	rows := make([]map[string]cell, len(g.Rows))
	for i, r := range g.Rows {
		rows[i] = map[string]cell{}
		for j, text := range r {
			rows[i][fmt.Sprint(j)] = cell{text: name(text)}
		}
	}
	if g.Bars != nil {
		columns = append(columns, column{key: "bar"})
		for i := range rows {
			rows[i]["bar"] = cell{text: bar(g.Bars[i])}
		}
	}
	measureColumns(columns, rows)
	for i, l := range plainTable(columns, rows) {
		if i == 0 && !g.headed() {
			continue
		}
		fmt.Fprintf(b, "  %s\n", l)
	}
}

func (g *Grid) headed() bool {
	for _, c := range g.Columns {
		if c.Head != "" {
			return true
		}
	}
	return false
}

func (d Paper) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "## %s\n\n", prose(d.Title))
	for _, l := range d.Lead {
		fmt.Fprintf(b, "%s  \n", prose(l))
	}
	for _, s := range d.Sections {
		fmt.Fprintf(b, "\n### %s\n\n", prose(s.Title))
		for _, l := range s.Lines {
			fmt.Fprintf(b, "- %s\n", prose(l))
		}
		if len(s.Lines) > 0 && s.Table != nil {
			b.WriteByte('\n')
		}
		if s.Table != nil {
			s.Table.markdown(b)
		}
		if len(s.Code) > 0 {
			b.WriteByte('\n')
			for _, l := range s.Code {
				fmt.Fprintf(b, "    %s\n", codeLine(l))
			}
		}
	}
}

func (g *Grid) markdown(b *strings.Builder) {
	b.WriteByte('|')
	for _, c := range g.Columns {
		fmt.Fprintf(b, " %s |", prose(c.Head))
	}
	b.WriteString("\n|")
	for _, c := range g.Columns {
		if c.Right {
			b.WriteString("--:|")
		} else {
			b.WriteString("---|")
		}
	}
	b.WriteByte('\n')
	for _, r := range g.Rows {
		b.WriteByte('|')
		for _, text := range r {
			fmt.Fprintf(b, " %s |", prose(text))
		}
		b.WriteByte('\n')
	}
}

//go:embed paper.gohtml
var paperSource string

var paperPage = template.Must(template.New("paper").Funcs(template.FuncMap{
	"percent": func(x float64) string { return fmt.Sprintf("%.1f", 100*min(max(x, 0), 1)) },
	"right":   func(g *Grid, i int) bool { return i < len(g.Columns) && g.Columns[i].Right },
	"bar":     func(g *Grid, i int) float64 { return g.Bars[i] },
}).Parse(paperSource))

// clean is the document with all of its texts fit for a page.
func (d Paper) clean() Paper {
	lines := func(all []string, f func(string) string) []string {
		out := make([]string, len(all))
		for i, l := range all {
			out[i] = f(l)
		}
		return out
	}
	d.Title, d.Lead = sentence(d.Title), lines(d.Lead, sentence)
	sections := make([]Section, len(d.Sections))
	for i, s := range d.Sections {
		s.Title, s.Lines, s.Code = sentence(s.Title), lines(s.Lines, sentence), lines(s.Code, codeLine)
		if s.Table != nil {
			g := *s.Table
			g.Rows = make([][]string, len(s.Table.Rows))
			for j, r := range s.Table.Rows {
				g.Rows[j] = lines(r, name)
			}
			s.Table = &g
		}
		sections[i] = s
	}
	d.Sections = sections
	return d
}
