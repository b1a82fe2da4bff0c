package platforms

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/printable"
)

// Text writes the sheet for people: a table for each metric, which scenarios go their
// own way, notes, and the conclusion in the last line.
func (s Sheet) Text(w io.Writer) error {
	var b strings.Builder
	for i, c := range s.Columns {
		fmt.Fprintf(&b, "%s  %s\n", printable.Line(c.label), printable.Line(s.origin(i)))
	}
	if suite := s.suite(); suite != "" {
		fmt.Fprintf(&b, "\n%s\n", printable.Line(strings.TrimSuffix(suite, "/")))
	}
	for _, t := range s.Tables {
		if line, same := t.same(); same {
			fmt.Fprintf(&b, "\n%s\n", line)
			continue
		}
		fmt.Fprintf(&b, "\n%s, %s\n", t.Metric, t.Unit)
		b.WriteString(aligned(s.grid(t)))
	}
	for _, line := range s.different() {
		fmt.Fprintf(&b, "\n%s\n", printable.Line(line))
	}
	fmt.Fprintf(&b, "\n%s\n", strings.Join(s.legend(), "\n"))
	if len(s.Notes) > 0 {
		b.WriteString("\nnotes\n")
		for _, n := range s.Notes {
			fmt.Fprintf(&b, "  %s\n", printable.Line(n))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", printable.Line(s.Conclusion))
	_, err := io.WriteString(w, b.String())
	return err
}

// suite is the suite with its slash where all scenarios are of one, else "".
func (s Sheet) suite() string {
	suite := ""
	for i, t := range s.Tables {
		for k, r := range t.Rows {
			one := r.Scenario[:strings.LastIndexByte(r.Scenario, '/')+1]
			if i+k > 0 && one != suite {
				return ""
			}
			suite = one
		}
	}
	return suite
}

// origin says of what runs a column is, and where they were made.
func (s Sheet) origin(i int) string {
	c := s.Columns[i]
	e := c.Environment
	return fmt.Sprintf("%s/%s, %s, GOMAXPROCS=%d, %s, %s", known(e.GOOS), known(e.GOARCH), known(e.Go), e.GOMAXPROCS, known(e.CPU), runs(c.Runs))
}

func runs(ids []string) string {
	const most = 2
	if len(ids) > most {
		return fmt.Sprintf("%s and %d more runs", ids[0], len(ids)-1)
	}
	return "run " + strings.Join(ids, ", run ")
}

// legend explains the marks.
func (s Sheet) legend() []string {
	return []string{
		fmt.Sprintf("Percentages are against %s; what stands in brackets is an interval of 95 %%.", printable.Line(s.Columns[0].label)),
		fmt.Sprintf("* real: more than chance, over all %s (Holm, 5 %%)", count(s.Comparisons, "comparison")),
		"! real, and for certain larger than a regression may be",
		"~ this scenario does not go the way that the others go",
	}
}

// grid is a metric's table: two cells for each column, the second with the change.
func (s Sheet) grid(t Table) [][]string {
	head := []string{"  scenario"}
	for i, c := range s.Columns {
		head = append(head, printable.Line(c.label))
		if i > 0 {
			head = append(head, "")
		}
	}
	rows := [][]string{head}
	for _, r := range t.Rows {
		row := []string{"  " + printable.Line(strings.TrimPrefix(r.Scenario, s.suite()))}
		for i, c := range r.Cells {
			row = append(row, figure(t.metric, c))
			if i > 0 {
				row = append(row, c.change())
			}
		}
		rows = append(rows, row)
	}
	if slices.ContainsFunc(t.Typical, func(t *Typical) bool { return t != nil }) {
		row := []string{"  all of them"}
		for i, typical := range t.Typical {
			row = append(row, "")
			if i > 0 {
				row = append(row, typical.words())
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// figure renders a cell: 480 KB [478, 482], or why there is no figure.
func figure(m highwater.Metric, c Cell) string {
	if c.State != Measured {
		if c.State == Left {
			return "-"
		}
		return string(c.State)
	}
	low, high := m.Format(c.Summary.Low), m.Format(c.Summary.High)
	center := m.Format(c.Summary.Center)
	if low == center && high == center {
		return center
	}
	return fmt.Sprintf("%s [%s, %s]", center, short(low, high), high)
}

// short leaves a unit out that the other figure has too.
func short(low, high string) string {
	if number, unit, ok := strings.Cut(low, " "); ok && strings.HasSuffix(high, " "+unit) {
		return number
	}
	return low
}

// change renders the difference to the first column, with its marks.
func (c Cell) change() string {
	d := c.Difference
	switch {
	case d == nil && c.NotCompared != "":
		return "not compared"
	case d == nil:
		return ""
	}
	text := "same"
	switch {
	case d.Change != nil && (d.Real || d.Change.Center != 0):
		text = percent(d.Change.Center)
	case d.Change == nil && d.here != d.before:
		text = "not zero"
	}
	switch {
	case d.Large && d.Real:
		text += " !"
	case d.Real:
		text += " *"
	}
	if c.Differently != nil {
		text += " ~"
	}
	return text
}

func (t *Typical) words() string {
	switch {
	case t == nil:
		return ""
	case !t.Agree:
		return fmt.Sprintf("%s to %s", percent(t.Ratio.Low-1), percent(t.Ratio.High-1))
	default:
		return percent(t.Ratio.Center - 1)
	}
}

// percent words a change: +12 %, -0.3 %.
func percent(change float64) string {
	p := 100 * change
	switch {
	case p > -0.05 && p < 0.05:
		return "±0 %"
	case p > -9.95 && p < 9.95:
		return fmt.Sprintf("%+.1f %%", p)
	default:
		return fmt.Sprintf("%+.0f %%", p)
	}
}

// same is the one line of a count that is equal everywhere.
func (t Table) same() (string, bool) {
	if !t.metric.Exact {
		return "", false
	}
	first := t.Rows[0].Cells[0]
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			if c.State != Measured || first.State != Measured || c.Summary.Center != first.Summary.Center {
				return "", false
			}
		}
	}
	return fmt.Sprintf("%s: %s in all scenarios, everywhere", t.Metric, t.metric.Format(first.Summary.Center)), true
}

// different says of each scenario that goes its own way how it does, and what word size
// does not explain.
func (s Sheet) different() []string {
	var lines []string
	s.each(func(t *Table, row, column int, _, c *Cell) {
		if d := c.Difference; d != nil && d.Real && d.Unexplained {
			lines = append(lines, fmt.Sprintf("%s, %s on %s: %s is %s", t.Rows[row].Scenario, t.Metric, s.Columns[column].label, percent(d.Change.Center), d.Explained))
		}
		if d := c.Differently; d != nil {
			lines = append(lines, fmt.Sprintf("~ %s, %s on %s: %s, and the others %s (p %s)",
				t.Rows[row].Scenario, t.Metric, s.Columns[column].label, percent(d.Ratio-1), percent(d.Others-1), probability(d.P)))
		}
	})
	return lines
}

func probability(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return fmt.Sprintf("%.3f", p)
}

// aligned renders rows of cells in columns, the first to the left and the others to the
// right.
func aligned(rows [][]string) string {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, c := range row {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, c := range row {
			space := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			if i == 0 {
				line.WriteString(c + space)
			} else {
				line.WriteString("  " + space + c)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}
