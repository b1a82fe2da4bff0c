package advise

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

const (
	mostGroups = 20
	// leastStack is what a goroutine's stack has at least: stackMin in runtime/stack.go.
	leastStack = 2 << 10
	// grownStack is the mean from which stacks count as grown: twice what a goroutine has
	// that waits for the network, which is 3 to 6 KB.
	grownStack     = 12 << 10
	manyGoroutines = 50
)

// stacks finds goroutines whose stacks have grown and stay large. A stack doubles when a
// call does not fit, and the collector halves one of which less than a quarter is in use
// (runtime/stack.go: newstack, shrinkstack): one that waits inside a function with large
// local variables keeps all of it. With S bytes of stacks and n goroutines, what is saved
// is at most
//
//	the group's share of the goroutines × S − group × 2 KiB.
//
// The line is that of the largest array in the functions that the group waits in; without
// one in the source that is at hand the saving is not known.
func stacks(f *facts) []Advice {
	s := f.last
	if s == nil || s.Goroutines < manyGoroutines || s.Memory.Stacks/int64(s.Goroutines) < grownStack {
		return nil
	}
	mean := s.Memory.Stacks / int64(s.Goroutines)
	// Groups of one origin differ by what they do just now.
	type group struct {
		count int
		stack []highwater.Frame
	}
	var order []string
	groups := map[string]*group{}
	for _, g := range s.Groups {
		key := g.Created.Func
		if groups[key] == nil {
			groups[key] = &group{stack: g.Stack}
			order = append(order, key)
		}
		groups[key].count += g.Count
	}
	var all []Advice
	for _, key := range order {
		g := groups[key]
		if g.count < manyGoroutines || 2*g.count < s.Goroutines {
			continue // the mean says nothing of it
		}
		a := Advice{
			Title: fmt.Sprintf("%d goroutines of %s wait on stacks of %s each", g.count, shortName(key), f.size(float64(mean))),
			How:   "take large variables out of the function that waits: into one that returns before, into a buffer from a pool that is held only meanwhile, or onto the heap",
			Evidence: []string{
				fmt.Sprintf("%s of stacks and %d goroutines, %d of them of this origin", f.size(float64(s.Memory.Stacks)), s.Goroutines, g.count),
				fmt.Sprintf("a goroutine that waits in small functions has %s", f.size(leastStack)),
			},
			Found: "grown stacks: the runtime's account of stacks over the number of goroutines",
		}
		var largest int64
		for _, frame := range g.stack {
			if heap.IsLibrary(frame.Func) {
				continue
			}
			if len(a.Lines) == 0 {
				a.Lines = []highwater.Frame{frame}
			}
			c, ok := f.code(frame)
			if !ok {
				continue
			}
			if array := largestArray(c, frame.Line); array.bytes > largest {
				largest = array.bytes
				at := frame
				at.Line = array.line
				a.Lines = append([]highwater.Frame{at}, frame)
				a.Known = true
			}
		}
		if a.Known && largest*4 >= mean {
			a.SavedBytes = max(int64(g.count)*mean-int64(g.count)*leastStack, 0)
			a.Evidence = append(a.Evidence, fmt.Sprintf("line %d has an array of %s in the function that waits", a.Lines[0].Line, f.size(float64(largest))))
		} else {
			a.Known = false
			a.Evidence = append(a.Evidence, NotKnown+": no large variable was found in the source of the functions that wait")
		}
		all = append(all, a)
	}
	return all
}

// shortName is a function's name without the folders of its package.
func shortName(function string) string {
	end := len(function)
	if i := strings.IndexAny(function, "[("); i >= 0 {
		end = i
	}
	return function[strings.LastIndexByte(function[:end], '/')+1:]
}
