package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/highwater-dev/highwater"
)

// print prints the table, in Markdown, and reports whether all came out as it should.
func print(w io.Writer, all []result) bool {
	ok := true
	fmt.Fprintf(w, "%s %s, %d benchmarks:\n\n", module, version, benchmarks)
	fmt.Fprintln(w, "| change | of what | exit | benchmarks that failed | inconclusive or in error | peak | line named | s | load average |")
	fmt.Fprintln(w, "|---|---|--:|--:|--:|---|---|--:|--:|")
	for _, r := range all {
		right := r.right()
		ok = ok && right
		exit := fmt.Sprint(r.exit)
		if !right {
			exit = "**" + exit + "**"
		}
		fmt.Fprintf(w, "| %s | %s | %s | %d of %d | %d | %s | %s | %.0f | %s |\n",
			r.Name, r.What, exit, r.scenarios(), r.rows, r.open, r.peaks(), r.named(), r.seconds, r.load)
	}
	return ok
}

// right reports whether the regression was found, with its line first, or the
// refactoring passed with every verdict settled.
func (r result) right() bool {
	if r.Line == "" {
		return r.exit == highwater.ExitOK && r.open == 0 && len(r.failed) == 0
	}
	return r.exit == highwater.ExitFail && slices.ContainsFunc(r.failed, func(f highwater.Finding) bool {
		return f.Metric == highwater.Peak && r.names(f)
	}) && !slices.ContainsFunc(r.failed, func(f highwater.Finding) bool {
		return len(f.Evidence) > 0 && !r.names(f)
	})
}

// names reports whether the first site of the finding is the planted line.
func (r result) names(f highwater.Finding) bool {
	return len(f.Evidence) > 0 && filepath.Base(f.Evidence[0].Site.Where.File) == source && f.Evidence[0].Site.Where.Line == r.line
}

// scenarios counts the benchmarks that failed.
func (r result) scenarios() int {
	failed := map[string]bool{}
	for _, f := range r.failed {
		failed[f.Scenario] = true
	}
	return len(failed)
}

// peaks is by how much the peaks that failed are higher.
func (r result) peaks() string {
	var all []float64
	for _, f := range r.failed {
		if f.Metric == highwater.Peak {
			all = append(all, 100*f.Change)
		}
	}
	if len(all) == 0 {
		return "-"
	}
	return fmt.Sprintf("%+.1f to %+.1f %%", slices.Min(all), slices.Max(all))
}

// named are the lines that the failures name first, with the planted one.
func (r result) named() string {
	if r.Line == "" {
		return "-"
	}
	right, others := 0, 0
	for _, f := range r.failed {
		switch {
		case r.names(f):
			right++
		case len(f.Evidence) > 0:
			others++
		}
	}
	text := fmt.Sprintf("%s:%d, in %d findings", source, r.line, right)
	if others > 0 {
		text += fmt.Sprintf("; **another in %d**", others)
	}
	return text
}
