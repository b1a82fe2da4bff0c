package advise

import (
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// runtime/pprof leaves the runtime's own functions out at the top of a stack (protomem.go
// there), so that a profile, and an endpoint, do not tell growth from a conversion, or from
// a variable that was moved. The compiler does, where it names one thing on the line: then
// the function that it calls for that stands for those that were left out.
var allocators = []allocating{
	{"runtime.newobject", func(e Escape) bool {
		return e.Moved || strings.HasPrefix(e.What, "&") || strings.HasPrefix(e.What, "new(")
	}},
	{"runtime.growslice", func(e Escape) bool { return e.What == "append" || strings.HasPrefix(e.What, "append(") }},
	{"runtime.makeslice", func(e Escape) bool { return strings.HasPrefix(e.What, "make([]") }},
	{"runtime.slicebytetostring", func(e Escape) bool { return strings.HasPrefix(e.What, "string(") }},
	{"runtime.stringtoslicebyte", func(e Escape) bool { return strings.HasPrefix(e.What, "([]byte)(") }},
	{"runtime.concatstring2", func(e Escape) bool { return strings.Contains(e.What, " + ") }},
}

// allocating is a function of the runtime, and what the compiler says where it is called.
type allocating struct {
	function string
	is       func(Escape) bool
}

// allocator is the function of the runtime that the line calls, by the compiler's
// diagnostics; "" where they name several things, or none that is known.
func allocator(all []Escape) (function string) {
	for _, e := range all {
		i := slices.IndexFunc(allocators, func(a allocating) bool { return a.is(e) })
		if i < 0 || function != "" && function != allocators[i].function {
			return ""
		}
		function = allocators[i].function
	}
	return function
}

// complete puts the runtime's function above what a profile has left it out of.
func (f *facts) complete() {
	f.inferred = map[highwater.Frame]bool{}
	for _, p := range f.places {
		c, ok := f.code(p.where)
		if !ok {
			continue
		}
		function := allocator(c.Escapes)
		for i := range p.parts {
			if len(p.parts[i].above) == 0 && function != "" {
				p.parts[i].above = []highwater.Frame{{Func: function}}
				f.inferred[p.where] = true
			}
		}
	}
}

// stoodIn says of an advice that rests on it that the compiler has stood in for the profile.
func (f *facts) stoodIn(a *Advice) {
	if rests := []Kind{KindPreallocate, KindConversion, KindEscape}; len(a.Lines) > 0 && f.inferred[a.Lines[0]] && slices.Contains(rests, a.Kind) {
		a.Evidence = append(a.Evidence, "the profile leaves out which function of the runtime allocated: the compiler names one thing alone on the line that does")
	}
}

// bare reports whether the stacks come without the runtime's functions.
func (f *facts) bare() bool {
	some := false
	for _, p := range f.places {
		for _, part := range slices.Concat(p.parts, p.held) {
			some = true
			if slices.ContainsFunc(part.above, func(at highwater.Frame) bool { return isRuntime(at.Func) }) {
				return false
			}
		}
	}
	return some
}
