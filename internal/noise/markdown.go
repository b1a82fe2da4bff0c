package noise

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/highwater-dev/highwater/internal/printable"
)

// Markdown writes the sheet for a pull request or a page: the conclusion first.
func (s Sheet) Markdown(w io.Writer, all bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n%s\n", printable.Prose(s.Conclusion), printable.Prose(s.origin()))
	for _, sc := range s.Problems() {
		fmt.Fprintf(&b, "\nNot measured: %s: %s\n", printable.Code(sc.ID), printable.Prose(printable.Line(sc.Problem)))
	}
	b.WriteString("\n| scenario | metric | n | mean | CV | worst | threshold | found from | proposed |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n")
	s.each(func(id string, f Figure) {
		if !all && !f.shown() {
			return
		}
		cells := f.cells()
		for i, c := range cells {
			cells[i] = printable.Prose(c)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", printable.Code(id), printable.Prose(f.Metric), strings.Join(cells, " | "))
	})
	for _, note := range []string{s.legend(), s.floors()} {
		if note != "" {
			fmt.Fprintf(&b, "\n%s\n", printable.Prose(strings.ReplaceAll(note, "\n", " ")))
		}
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
