package advise

import (
	"cmp"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// Evidence is what is known of one process, or of the processes of one scenario.
type Evidence struct {
	Snapshots    []highwater.Snapshot    // of one process, the oldest first
	Measurements []highwater.Measurement // of one scenario, of any passes
	// Code is what stands at a place; [Wanted] names those that matter.
	Code map[Line]Code
	// Structs are the types of the executable; see [Structs].
	Structs []Struct
	// NoCode, NoEscapes and NoStructs say why there is no source, nothing of the compiler,
	// or no types, or not of all places; "" where there are.
	NoCode, NoEscapes, NoStructs string
	// Module is the path of the program's own module; "" where it is not known. Lines of
	// others are advised on as well, behind its own, and told as what they are.
	Module string
	// Frontier is what running the scenario at several settings has shown; nil where it was
	// not done. It takes the place of the model of the collector.
	Frontier *highwater.Frontier
}

// Line is a line of source.
type Line struct {
	File   string
	Number int
}

// Code is the source around a line, the whole function if possible, and what the
// compiler says of the line.
type Code struct {
	Text    string // lines, from First on
	First   int    // the number of the first of them, from 1
	Escapes []Escape
}

// Escape is a diagnostic of the compiler's escape analysis (-gcflags=-m=2).
type Escape struct {
	What    string // buf, make([]byte, n), &node{...}
	Moved   bool   // a variable that is moved to the heap
	Because string // the step by which it gets away: "p = &x (assign)"; "" if not told
}

// mostPlaces is how many lines are looked at: what allocates less than the sixtieth
// line is not worth a change.
const mostPlaces = 60

// Wanted names the places of which code is evidence, those that allocate or hold most
// first: sites, and the functions in which goroutines wait.
func Wanted(e Evidence) []highwater.Frame {
	f := gather(e)
	places := slices.Clone(f.places)
	slices.SortStableFunc(places, func(a, b *place) int {
		return cmp.Compare(max(b.alloc.Bytes, b.live.Bytes), max(a.alloc.Bytes, a.live.Bytes))
	})
	var out []highwater.Frame
	add := func(frame highwater.Frame) {
		if frame.File != "" && !slices.Contains(out, frame) {
			out = append(out, frame)
		}
	}
	for _, p := range places[:min(mostPlaces, len(places))] {
		add(p.where)
	}
	if s := f.last; s != nil {
		for _, g := range s.Groups[:min(mostGroups, len(s.Groups))] {
			for _, frame := range g.Stack {
				if !heap.IsLibrary(frame.Func) {
					add(frame)
				}
			}
		}
	}
	return out
}

func (e Evidence) code(f highwater.Frame) (Code, bool) {
	c, ok := e.Code[Line{f.File, f.Line}]
	return c, ok
}

// text is source of which the line is a part, of whatever place it was brought for.
func (e Evidence) text(f highwater.Frame) (Code, bool) {
	if c, ok := e.code(f); ok {
		return c, true
	}
	for at, c := range e.Code {
		if at.File == f.File && c.line(f.Line) != "" {
			return c, true
		}
	}
	return Code{}, false
}
