package report

import (
	"strings"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
)

// ink is how a piece of text is to look where there is colour.
type ink int

const (
	plain ink = iota
	strong
	dim
	good
	caution
	bad
)

// inks use the terminal's own sixteen colours, which its owner has chosen to be
// readable.
var inks = map[ink]lipgloss.Style{
	plain:   lipgloss.NewStyle(),
	strong:  lipgloss.NewStyle().Bold(true),
	dim:     lipgloss.NewStyle().Faint(true),
	good:    lipgloss.NewStyle().Foreground(lipgloss.Green),
	caution: lipgloss.NewStyle().Foreground(lipgloss.Yellow),
	bad:     lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true),
}

// cell is one field of a table.
type cell struct {
	text string
	ink  ink
}

// column is a table's column with its width, which several tables may share.
type column struct {
	key, head string
	right     bool // numbers
	width     int
}

// columnGap separates columns.
const columnGap = 2

// measureColumns sets the columns' widths to what their heads and cells take.
func measureColumns(columns []column, tables ...[]map[string]cell) {
	for i := range columns {
		c := &columns[i]
		c.width = lipgloss.Width(c.head)
		for _, rows := range tables {
			for _, row := range rows {
				c.width = max(c.width, lipgloss.Width(row[c.key].text))
			}
		}
	}
}

func totalWidth(columns []column) int {
	total := -columnGap
	for _, c := range columns {
		total += c.width + columnGap
	}
	return total
}

// pad fills s up with spaces to width columns.
func pad(s string, width int, right bool) string {
	space := strings.Repeat(" ", max(width-lipgloss.Width(s), 0))
	if right {
		return space + s
	}
	return s + space
}

// plainTable renders aligned text: a line for the heads, then one for each row.
func plainTable(columns []column, rows []map[string]cell) []string {
	render := func(text func(column) string) string {
		var b strings.Builder
		for i, c := range columns {
			if i > 0 {
				b.WriteString(strings.Repeat(" ", columnGap))
			}
			b.WriteString(pad(text(c), c.width, c.right))
		}
		return strings.TrimRight(b.String(), " ")
	}
	lines := []string{render(func(c column) string { return c.head })}
	for _, row := range rows {
		lines = append(lines, render(func(c column) string { return row[c.key].text }))
	}
	return lines
}

// terminalTable renders the same with lipgloss: heads in a colour of their own
// and a rule below them. Like plainTable it yields a line for the heads, which
// holds the rule too, and one for each row.
func terminalTable(columns []column, rows []map[string]cell, color bool) []string {
	last := len(columns) - 1
	style := func(row, col int) lipgloss.Style {
		s := lipgloss.NewStyle()
		if color && row == table.HeaderRow {
			s = inks[dim]
		} else if color {
			s = inks[rows[row][columns[col].key].ink]
		}
		if columns[col].right {
			s = s.Align(lipgloss.Right)
		}
		if col < last {
			s = s.PaddingRight(columnGap)
			return s.Width(columns[col].width + columnGap)
		}
		return s.Width(columns[col].width)
	}
	t := table.New().Border(lipgloss.NormalBorder()).StyleFunc(style).Wrap(false).
		BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).BorderColumn(false).BorderRow(false)
	if color {
		t.BorderStyle(inks[dim])
	}
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.head
	}
	t.Headers(heads...)
	for _, row := range rows {
		texts := make([]string, len(columns))
		for i, c := range columns {
			texts[i] = row[c.key].text
		}
		t.Row(texts...)
	}
	lines := strings.Split(t.Render(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	if len(lines) < 2 {
		return lines
	}
	return append([]string{lines[0] + "\n" + lines[1]}, lines[2:]...)
}
