package main

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater/internal/probe"
)

// leftOver are groups of goroutines in the words of the runtime's test: the outermost
// function of each, and what it waits for.
func leftOver(groups []probe.Goroutines) []string {
	var all []string
	for _, g := range groups {
		if len(g.Stack) > 0 {
			all = append(all, words(g.Stack[len(g.Stack)-1].Func+"()", g.State))
		}
	}
	return distinct(all)
}

// waited is how long a goroutine has been waiting, which the runtime adds to the
// reason after a minute.
var waited = regexp.MustCompile(`, \d+ minutes`)

func words(call, state string) string {
	state = strings.ReplaceAll(waited.ReplaceAllString(state, ""), " (leaked)", "")
	return fmt.Sprintf("%s [%s]", strings.TrimPrefix(call, "main."), state)
}

var header = regexp.MustCompile(`^goroutine \d+ .*\[(.*)\]:?$`)

// printed are the leaks in a profile as the corpus prints it. It lists all goroutines,
// with "(leaked)" at those that are. The probe's own goroutine, which waits for ever on
// purpose, is none of the entry's.
func printed(text []byte) []string {
	var all []string
	for block := range bytes.SplitSeq(text, []byte("\n\n")) {
		lines := strings.Split(strings.TrimSpace(string(block)), "\n")
		found := header.FindStringSubmatch(lines[0])
		if found == nil || !strings.Contains(found[1], "(leaked)") {
			continue
		}
		created := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "created by ") })
		if created < 2 {
			continue
		}
		call := lines[created-2]
		if strings.Contains(call, "highwaterprobe.") {
			continue
		}
		if i := strings.LastIndexByte(call, '('); i > 0 {
			call = call[:i] + "()"
		}
		all = append(all, words(call, found[1]))
	}
	return distinct(all)
}

func distinct(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

// judged is what some runs of one entry came to.
type judged struct {
	found  []bool   // of the entry's leaks, which were found
	others []string // what was found that is none of its leaks
}

func (e entry) judge(seen []string) judged {
	j := judged{found: make([]bool, len(e.Leaks))}
	for _, s := range distinct(slices.Clone(seen)) {
		known := false
		for i, leak := range e.Leaks {
			if leak.MatchString(s) {
				// One goroutine may fit two patterns, and be either.
				known, j.found[i] = true, true
			}
		}
		if !known {
			j.others = append(j.others, s)
		}
	}
	return j
}
