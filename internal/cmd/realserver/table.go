package main

import (
	"fmt"
	"io"
	"strings"
)

// print prints what came of each way of looking, in Markdown, and reports whether all is
// as it should be.
func print(w io.Writer, all []result) bool {
	ok := true
	fmt.Fprintln(w, "| debug … | exit status | s | what it says |\n|---|--:|--:|---|")
	for _, r := range all {
		said := strings.Join(r.said, "; ")
		if len(r.wrong) > 0 {
			ok = false
			said = "**" + strings.Join(r.wrong, "; ") + "**"
		}
		fmt.Fprintf(w, "| %s | %d | %.0f | %s |\n", r.name, r.exit, r.seconds, strings.ReplaceAll(strings.ReplaceAll(said, "|", `\|`), "\n", " "))
	}
	return ok
}
