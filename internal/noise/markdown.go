package noise

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Markdown writes the sheet for a pull request or a page: the conclusion first.
func (s Sheet) Markdown(w io.Writer, all bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n%s\n", plain(s.Conclusion), plain(s.origin()))
	for _, sc := range s.Problems() {
		fmt.Fprintf(&b, "\nNot measured: %s: %s\n", code(sc.ID), plain(visible(sc.Problem)))
	}
	b.WriteString("\n| scenario | metric | n | mean | CV | worst | threshold | found from | proposed |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n")
	s.each(func(id string, f Figure) {
		if !all && !f.shown() {
			return
		}
		cells := f.cells()
		for i, c := range cells {
			cells[i] = plain(c)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", code(id), plain(f.Metric), strings.Join(cells, " | "))
	})
	for _, note := range []string{s.legend(), s.floors()} {
		if note != "" {
			fmt.Fprintf(&b, "\n%s\n", plain(strings.ReplaceAll(note, "\n", " ")))
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

// code renders a name as code. What would end the code or a table's cell is replaced
// by a character that looks like it.
func code(s string) string {
	return "`" + strings.NewReplacer("`", "ˋ", "|", "¦").Replace(visible(s)) + "`"
}

// plain keeps text from being read as markup.
func plain(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "ˋ", "|", `\|`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`, "#", `\#`, "@", "@\u2060").Replace(s)
}
