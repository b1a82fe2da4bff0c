package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/highwater-dev/highwater"
)

// means are the ways to see a leak.
var means = []struct {
	name string
	seen func(sight) []string
	// strict says that what it finds besides is an error: the others list all that is
	// left, and leave it to the reader.
	strict bool
}{
	{"the runtime's leak profile, as the entry prints it", func(s sight) []string { return s.Printed }, true},
	{"left over, as the probe groups it", func(s sight) []string { return s.LeftOver }, false},
}

// count is what one of the means came to over a group of entries.
type count struct {
	entries, steady, steadyFound, flaky, flakyFound, others, clean int
	missed, besides                                                []string // in words
}

// table prints what was found in Markdown, and returns the status to exit with.
func table(w io.Writer, where string, entries []entry, runs int, all []result) int {
	fmt.Fprintf(w, "%s.\n\n", where)
	seen := map[string][]sight{}
	for _, r := range all {
		seen[r.Entry] = append(seen[r.Entry], r.sight)
	}
	code := highwater.ExitOK
	var open []string
	for _, e := range entries {
		if n := len(seen[e.Name]); n < e.times(runs) {
			open = append(open, fmt.Sprintf("%s was run %d times of %d", e.Name, n, e.times(runs)))
			code = highwater.ExitError
		}
	}
	fmt.Fprintln(w, "| corpus | means | entries | leaks found | leaks that come about at times, found | false | clean entries accused |")
	fmt.Fprintln(w, "|---|---|--:|--:|--:|--:|--:|")
	var missed, besides []string
	for _, goker := range []bool{false, true} {
		name := "made for the purpose"
		if goker {
			name = "GoKer, from real projects"
		}
		for _, m := range means {
			c := tally(entries, goker, seen, m.seen)
			if c.entries == 0 {
				continue
			}
			fmt.Fprintf(w, "| %s | %s | %d | %d of %d | %d of %d | %d | %d |\n", name, m.name, c.entries, c.steadyFound, c.steady, c.flakyFound, c.flaky, c.others, c.clean)
			for _, l := range c.missed {
				missed = append(missed, m.name+": "+l)
			}
			for _, l := range c.besides {
				besides = append(besides, m.name+": "+l)
			}
			if c.steadyFound < c.steady || m.strict && c.others > 0 {
				code = highwater.ExitFail
			}
		}
	}
	for _, list := range []struct {
		title string
		all   []string
	}{{"Not found:", missed}, {"Found, and expected by nobody:", besides}, {"Not run:", open}} {
		if len(list.all) > 0 {
			fmt.Fprintf(w, "\n%s\n\n", list.title)
			for _, l := range list.all {
				fmt.Fprintf(w, "- %s\n", l)
			}
		}
	}
	return code
}

// tally judges the entries of one part of the corpus by one of the means.
func tally(entries []entry, goker bool, seen map[string][]sight, by func(sight) []string) count {
	var c count
	for _, e := range entries {
		if e.Goker != goker || len(seen[e.Name]) == 0 {
			continue
		}
		c.entries++
		var all []string
		for _, s := range seen[e.Name] {
			all = append(all, by(s)...)
		}
		j := e.judge(all)
		for i, found := range j.found {
			total, of := &c.steady, &c.steadyFound
			if e.Flaky {
				total, of = &c.flaky, &c.flakyFound
			}
			*total++
			if found {
				*of++
			} else {
				c.missed = append(c.missed, fmt.Sprintf("%s, `%s`", e.Name, e.Leaks[i]))
			}
		}
		c.others += len(j.others)
		if len(j.others) > 0 {
			c.besides = append(c.besides, fmt.Sprintf("%s, `%s`", e.Name, strings.Join(j.others, "`, `")))
			if len(e.Leaks) == 0 {
				c.clean++
			}
		}
	}
	return c
}
