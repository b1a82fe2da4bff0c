package platforms

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Markdown writes the sheet for a pull request or a page: the conclusion first.
func (s Sheet) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n", plain(visible(s.Conclusion)))
	for i, c := range s.Columns {
		fmt.Fprintf(&b, "- %s: %s\n", code(c.label), plain(visible(s.origin(i))))
	}
	for _, t := range s.Tables {
		if line, same := t.same(); same {
			fmt.Fprintf(&b, "\n%s\n", plain(line))
			continue
		}
		fmt.Fprintf(&b, "\n### %s\n\n", plain(t.Metric))
		for i, row := range s.grid(t) {
			cells := make([]string, len(row))
			for k, c := range row {
				cells[k] = plain(strings.TrimSpace(c))
			}
			fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
			if i == 0 {
				b.WriteString("|---" + strings.Repeat("|--:", len(row)-1) + "|\n")
			}
		}
	}
	for _, line := range s.different() {
		fmt.Fprintf(&b, "\n%s\n", plain(visible(line)))
	}
	b.WriteString("\n" + plain(strings.Join(s.legend(), "; ")) + "\n")
	if len(s.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, n := range s.Notes {
		fmt.Fprintf(&b, "- %s\n", plain(visible(n)))
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

// code renders a name as code. What would end the code or a table's cell is replaced by a
// character that looks like it.
func code(s string) string {
	return "`" + strings.NewReplacer("`", "ˋ", "|", "¦").Replace(visible(s)) + "`"
}

// plain keeps text from being read as markup.
func plain(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "ˋ", "|", `\|`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`, "#", `\#`, "@", "@\u2060").Replace(s)
}
