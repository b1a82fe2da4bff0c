package platforms

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/highwater-dev/highwater/internal/printable"
)

// Markdown writes the sheet for a pull request or a page: the conclusion first.
func (s Sheet) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n", printable.Prose(printable.Line(s.Conclusion)))
	for i, c := range s.Columns {
		fmt.Fprintf(&b, "- %s: %s\n", printable.Code(c.label), printable.Prose(printable.Line(s.origin(i))))
	}
	for _, t := range s.Tables {
		if line, same := t.same(); same {
			fmt.Fprintf(&b, "\n%s\n", printable.Prose(line))
			continue
		}
		fmt.Fprintf(&b, "\n### %s\n\n", printable.Prose(t.Metric))
		for i, row := range s.grid(t) {
			cells := make([]string, len(row))
			for k, c := range row {
				cells[k] = printable.Prose(strings.TrimSpace(c))
			}
			fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
			if i == 0 {
				b.WriteString("|---" + strings.Repeat("|--:", len(row)-1) + "|\n")
			}
		}
	}
	for _, line := range s.different() {
		fmt.Fprintf(&b, "\n%s\n", printable.Prose(printable.Line(line)))
	}
	b.WriteString("\n" + printable.Prose(strings.Join(s.legend(), "; ")) + "\n")
	if len(s.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, n := range s.Notes {
		fmt.Fprintf(&b, "- %s\n", printable.Prose(printable.Line(n)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// JSON writes the sheet as a document of its own.
func (s Sheet) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(s)
}
