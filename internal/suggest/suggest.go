package suggest

import (
	"fmt"
	"strings"
)

// Nearest returns the name that is fewest edits away from word, the first of
// several, or "" where even that is more than a third of the word away: a wild
// guess helps nobody.
func Nearest(word string, names []string) string {
	w := []rune(strings.ToLower(word))
	best, bestDistance := "", 0
	for _, name := range names {
		n := []rune(strings.ToLower(name))
		d := distance(w, n)
		if d > max(1, (max(len(w), len(n))+2)/3) {
			continue
		}
		if best == "" || d < bestDistance {
			best, bestDistance = name, d
		}
	}
	return best
}

// Hint is what an error appends: `; did you mean "peak"?`, or "" where no name
// is near.
func Hint(word string, names []string) string {
	if n := Nearest(word, names); n != "" {
		return fmt.Sprintf("; did you mean %q?", n)
	}
	return ""
}

// distance counts insertions, deletions, substitutions and swaps of neighbours
// (the optimal string alignment distance): a swap is the commonest slip of the
// hand and must not cost two.
func distance(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
