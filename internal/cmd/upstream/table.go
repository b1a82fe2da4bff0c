package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/highwater-dev/highwater"
)

// print prints the tables, in Markdown, and reports whether all came out as it
// should.
func print(w io.Writer, all []result) bool {
	ok := true
	fmt.Fprintln(w, "| module | from → to | what happened | found | change | label | site | s |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|--:|")
	for _, r := range all {
		if r.Metric == "" {
			continue
		}
		f, label, site := r.found()
		found := r.exit == highwater.ExitFail && f.Metric != ""
		ok = ok && found && label && site
		direction := ""
		if r.Reversed {
			direction = " (the fix, reversed)"
		}
		fmt.Fprintf(w, "| %s | %s → %s%s | [%s](%s) | %s | %s | %s | %s | %.0f |\n", r.Module, r.From, r.To, direction, r.What, r.Source,
			yes(found), change(f), mark(string(f.Label), label), mark(first(f), site), r.seconds)
	}
	fmt.Fprintln(w, "\n| patch release | from → to | alarm | s |\n|---|---|---|--:|")
	for _, r := range all {
		if r.Metric != "" {
			continue
		}
		alarm := "none"
		if r.exit != highwater.ExitOK {
			ok = false
			var reasons []string
			for _, f := range r.failed {
				reasons = append(reasons, f.Metric+": "+f.Reason)
			}
			alarm = "**" + strings.Join(reasons, "; ") + "**"
		}
		fmt.Fprintf(w, "| %s | [%s → %s](%s) | %s | %.0f |\n", r.Module, r.From, r.To, r.Source, alarm, r.seconds)
	}
	return ok
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "**no**"
}

// mark sets off what is not as it should be.
func mark(s string, right bool) string {
	if s == "" {
		s = "none"
	}
	if right {
		return s
	}
	return "**" + s + "**"
}

// change is the metric with its two figures.
func change(f highwater.Finding) string {
	if f.Observed == nil || f.Reference == nil {
		return ""
	}
	return fmt.Sprintf("%s %.4g → %.4g", f.Metric, f.Reference.Center, f.Observed.Center)
}

// first is the place that accounts for most of the change.
func first(f highwater.Finding) string {
	if len(f.Evidence) == 0 {
		return ""
	}
	where := f.Evidence[0].Site.Where
	return fmt.Sprintf("%s (%s:%d)", where.Func[strings.LastIndexByte(where.Func, '/')+1:], where.File[strings.LastIndexByte(where.File, '/')+1:], where.Line)
}
