package main

import (
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater"
)

// right reports whether what is accused is what leaks.
func (t truth) right(s highwater.Suspect, leaks map[place]bool) bool {
	if s.Site != nil && inProgram(s.Site.Where) && leaks[at(s.Site.Where)] {
		return true
	}
	if t.Kind != "" && s.Kind == t.Kind {
		return true
	}
	if s.Site != nil && s.Kind == "site" && len(t.Through) > 0 && through(s.Site.Stack, t.Through) {
		return true
	}
	switch s.Kind {
	case "goroutines":
		// All together, where there are so many that their groups are seldom looked at.
		return len(t.Created) > 0 && (s.Site == nil || begins(s.Site.Where.Func, t.Created))
	case "fds":
		return t.FDs != "" && strings.Contains(s.Name, t.FDs)
	case "mapping":
		for _, name := range t.Mappings {
			if strings.Contains(s.Name, name) {
				return true
			}
		}
	}
	return false
}

// through reports a stack that has one of the functions, and none of the program's.
func through(stack []highwater.Frame, functions []string) bool {
	has := false
	for _, f := range stack {
		if strings.HasPrefix(f.Func, "main.") {
			return false
		}
		has = has || begins(f.Func, functions)
	}
	return has
}

// offHeap reports whether a finding lays the growth to memory off the heap, which
// is right for one that is there.
func (t truth) offHeap(f highwater.Finding) bool {
	return len(t.Mappings) > 0 && (f.Label == highwater.LabelOffHeap || f.Check == string(highwater.QuantityOffHeap) || f.Metric == string(highwater.QuantityOffHeap))
}

// inProgram reports a frame of the program, and not of one of its modules or of the
// library: all have a main.go.
func inProgram(f highwater.Frame) bool {
	return strings.HasPrefix(f.Func, "main.") && filepath.Base(f.File) == "main.go"
}

func begins(name string, with []string) bool {
	for _, w := range with {
		if strings.HasPrefix(name, w) {
			return true
		}
	}
	return false
}
