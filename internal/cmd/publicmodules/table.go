package main

import (
	"fmt"
	"io"
	"strings"
)

// print prints the tables, in Markdown, and reports whether all is well.
func print(w io.Writer, all []result, verbose bool) bool {
	ok := true
	fmt.Fprintln(w, "| module | what | benchmarks | equal | within 0.5 % | go test differs as much | off | largest difference | tree | s | all of it |")
	fmt.Fprintln(w, "|---|---|--:|--:|--:|--:|--:|---|---|--:|---|")
	for _, r := range all {
		var counts [disagree + 1]int
		largest, which := 0.0, ""
		for _, b := range r.benchmarks {
			a, distance := b.worst()
			if r.Differ[b.name] != "" {
				continue
			}
			counts[a]++
			if distance > largest {
				largest, which = distance, fmt.Sprintf("%.2f %% %s", 100*distance, b.name)
			}
		}
		tree := "clean"
		if r.written != "" {
			tree = "**written**"
		}
		fmt.Fprintf(w, "| %s %s | %s | %d | %d | %d | %d | %d | %s | %s | %.0f | %s |\n", r.Path, r.Version, r.What, len(r.benchmarks),
			counts[equal], counts[close], counts[spread], counts[disagree], cell(which), tree, r.seconds, r.whole)
		ok = ok && r.written == "" && counts[disagree] == 0 && len(r.failed) == 0 && r.whole.ok()
	}
	fmt.Fprint(w, "\n| benchmark | operations | peak of the live heap, bytes | by the sampler, bytes | less for an empty one | difference |\n|---|--:|--:|--:|--:|--:|\n")
	for _, r := range all {
		for _, b := range r.benchmarks {
			if !b.checked {
				continue
			}
			agrees, off := b.peakAgrees()
			note := ""
			if !agrees {
				note, ok = " **off**", false
			}
			share := 100 * float64(off) / float64(max(b.sampled, 1))
			fmt.Fprintf(w, "| %s %s | %d | %d | %d | %d | %+d, %+.1f %%%s |\n", b.pkg, cell(b.name), r.peakOps(), b.peak, b.sampled, b.empty, off, share, note)
		}
	}
	for _, r := range all {
		list(w, r.Path+": highwater failed, go test did not", r.failed)
		list(w, r.Path+": fails in go test, too", r.unfit)
		list(w, r.Path+": all of it: highwater failed, go test did not", r.whole.failed)
		list(w, r.Path+": all of it: fails in go test, too", r.whole.unfit)
		list(w, r.Path+": measures something else than in go test", r.differ())
		list(w, r.Path+": peak not checked", r.unchecked)
		if r.written != "" {
			list(w, r.Path+": written into the tree", strings.Split(r.written, "\n"))
		}
	}
	if verbose {
		everything(w, all)
	}
	return ok
}

// differ are the benchmarks that are known to differ, with both figures and the
// reason.
func (r result) differ() []string {
	var all []string
	for _, b := range r.benchmarks {
		if why := r.Differ[b.name]; why != "" {
			all = append(all, fmt.Sprintf("%s, %v and not %v: %s", b.name, b.ours, b.plain[0], why))
		}
	}
	return all
}

func list(w io.Writer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", title)
	for _, l := range lines {
		fmt.Fprintf(w, "- %s\n", strings.ReplaceAll(l, "\n", "\n  "))
	}
}

// everything prints each benchmark with its figures.
func everything(w io.Writer, all []result) {
	names := [...]string{"equal", "close", "spread", "OFF"}
	fmt.Fprintln(w)
	for _, r := range all {
		for _, b := range r.benchmarks {
			a, _ := b.worst()
			fmt.Fprintf(w, "%-6s %s %s: %v, go test %v\n", names[a], b.pkg, b.name, b.ours, b.plain)
		}
	}
}

// cell keeps a name from ending a table's cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
