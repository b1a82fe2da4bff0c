package live

import (
	"slices"

	"github.com/highwater-dev/highwater"
)

// Places words where sites are, from one up to another of all that there are. Sites of one
// line have what tells each from the others: the innermost caller that the others do not
// have, or else what the line has called.
func Places[T any](all []T, from, to int, site func(T) highwater.Site) []string {
	of := make(map[highwater.Frame][]int, len(all))
	for i := range all {
		where := site(all[i]).Where
		of[where] = append(of[where], i)
	}
	places := make([]string, 0, max(to-from, 0))
	for i := from; i < to; i++ {
		s := site(all[i])
		place := s.Where.Place()
		if line := of[s.Where]; len(line) > 1 {
			within, callers := around(s)
			others := 0 // callers that another one has, too
			for _, k := range line {
				if k != i {
					_, theirs := around(site(all[k]))
					others = max(others, common(callers, theirs))
				}
			}
			switch {
			case others < len(callers):
				place += ", via " + callers[others].Place()
			case within != "":
				place += ", in " + within
			}
		}
		places = append(places, place)
	}
	return places
}

// around is what the line of a site has called, "" where it allocates itself, and its
// callers, the innermost first: all of a stack that does not have the line.
func around(s highwater.Site) (within string, callers []highwater.Frame) {
	at := slices.Index(s.Stack, s.Where)
	if at > 0 {
		within = s.Stack[at-1].Place()
	}
	return within, s.Stack[at+1:]
}

// common is how many frames two stacks begin with that are the same.
func common(a, b []highwater.Frame) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
