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
			yes(found), change(f), mark(name(f.Label), label), mark(r.place(f, site), site), r.seconds)
	}
	fmt.Fprintln(w, "\n| harmless release | from → to | alarm | s |\n|---|---|---|--:|")
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
	if right {
		return s
	}
	return "**" + s + "**"
}

// name is a label's name. A count, such as of goroutines, has none.
func name(l highwater.Label) string {
	if l == "" {
		return "-"
	}
	return string(l)
}

// change is the metric with its two figures.
func change(f highwater.Finding) string {
	if f.Observed == nil || f.Reference == nil {
		return ""
	}
	return fmt.Sprintf("%s %.0f → %.0f", f.Metric, f.Reference.Center, f.Observed.Center)
}

// place is the line that accounts for most of the change, with the function that it
// is in; and where that was called from the function that was looked for, that one too.
func (r result) place(f highwater.Finding, right bool) string {
	switch {
	case len(f.Evidence) > 0:
		site := f.Evidence[0].Site
		leaf := line(site.Where)
		if !right || r.isSite(site.Where) {
			return leaf
		}
		for _, caller := range site.Stack {
			if r.isSite(caller) {
				return leaf + ", called from " + line(caller)
			}
		}
		return leaf
	case right:
		return "created by " + r.Site
	}
	return "none"
}

func line(f highwater.Frame) string {
	return fmt.Sprintf("%s (%s:%d)", f.Func[strings.LastIndexByte(f.Func, '/')+1:], f.File[strings.LastIndexByte(f.File, '/')+1:], f.Line)
}
