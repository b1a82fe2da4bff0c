package live

import "github.com/highwater-dev/highwater"

// Places words where sites are that are listed together. Sites of one line that were
// reached in different ways have the innermost caller that tells each from the others.
func Places[T any](all []T, site func(T) highwater.Site) []string {
	places := make([]string, len(all))
	stacks := make([][]highwater.Frame, len(all))
	of := make(map[highwater.Frame][]int, len(all))
	for i := range all {
		s := site(all[i])
		places[i], stacks[i] = s.Where.Place(), s.Stack
		of[s.Where] = append(of[s.Where], i)
	}
	for _, line := range of {
		for _, i := range line {
			alike := 0
			for _, k := range line {
				if k != i {
					alike = max(alike, common(stacks[i], stacks[k]))
				}
			}
			if stack := stacks[i]; len(line) > 1 && alike < len(stack) {
				places[i] += ", via " + stack[alike].Place()
			}
		}
	}
	return places
}

// common is how many frames two stacks begin with that are the same.
func common(a, b []highwater.Frame) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
