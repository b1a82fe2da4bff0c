package advise

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
)

// escapes finds variables that the compiler moves to the heap on a line that allocates,
// and composite literals that get there only through a call or an interface: the
// diagnostics of cmd/compile/internal/escape (-gcflags=-m=2). All of the line's own
// objects are saved once it stays on the stack. What is returned or stored has to be on
// the heap and is none of this rule's, and so is what lives on.
func escapes(f *facts) []Advice {
	var all []Advice
	for _, p := range f.places {
		if p.claimed || !f.shortLived(p) {
			continue
		}
		c, ok := f.code(p.where)
		if !ok {
			continue
		}
		var of highwater.Allocated
		for _, part := range p.parts {
			if part.direct() && part.through("runtime.newobject") {
				of.Bytes += part.Bytes
				of.Objects += part.Objects
			}
		}
		e, ok := avoidable(c.Escapes)
		if !ok || of.Bytes*2 < p.alloc.Bytes || of.Bytes == 0 {
			continue
		}
		p.claimed = true
		how := "pass it by value, or give the callee a pointer that it does not keep: a call through an interface or a function value lets everything escape that it is given"
		title := e.What + " escapes to the heap"
		if e.Moved {
			how += "; where only some runs come to what lets it escape, declare it there: it is allocated where it is declared, in every run"
			title = "the variable " + e.What + " is moved to the heap"
		}
		because := "the compiler says that " + title
		if e.Because != "" {
			because += ", because of " + e.Because
		}
		all = append(all, f.garbage(p, of, of, Advice{
			Title:    fmt.Sprintf("%s at %s, and dies at once", title, p.where.Place()),
			How:      how,
			Evidence: []string{because},
			Found:    "escapes: the compiler's escape analysis of the line, with what the allocation profile has of it",
		}))
	}
	return all
}

// avoidable picks the first diagnostic that a change of the code nearby can do away with.
func avoidable(all []Escape) (Escape, bool) {
	for _, e := range all {
		if returned(e.Because) {
			continue
		}
		literal := strings.HasPrefix(e.What, "&") || strings.HasPrefix(e.What, "new(")
		if e.Moved || literal && (strings.Contains(e.Because, "call") || strings.Contains(e.Because, "interface")) {
			return e, true
		}
	}
	return Escape{}, false
}

// returned reports a reason that is the purpose of a constructor.
func returned(because string) bool { return strings.Contains(because, "(return") }
