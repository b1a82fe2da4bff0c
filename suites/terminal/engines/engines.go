package engines

import (
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater/suites/terminal"
)

// Default is the name of the engine that is used when none is named.
const Default = "midterm"

// All returns the engines, the default first.
func All() []terminal.Engine {
	return []terminal.Engine{Midterm(), VT10x(), Vaxis(), XVT()}
}

// Names returns the engines' names in the order of [All].
func Names() []string {
	var names []string
	for _, e := range All() {
		names = append(names, e.Name)
	}
	return names
}

// ByName returns the engine called name. The error names all engines and, when
// there is one that looks much like name, that one first.
func ByName(name string) (terminal.Engine, error) {
	for _, e := range All() {
		if e.Name == name {
			return e, nil
		}
	}
	hint := ""
	if near := nearest(name, Names()); near != "" {
		hint = fmt.Sprintf(": did you mean %q?", near)
	}
	return terminal.Engine{}, fmt.Errorf("unknown terminal engine %q%s (engines: %s)", name, hint, strings.Join(Names(), ", "))
}

// nearest returns the candidate that can be had from name with the fewest
// changed letters, or "" when all need more than half of name's letters.
func nearest(name string, candidates []string) string {
	best, bestDistance := "", len(name)/2+1
	for _, c := range candidates {
		if d := distance(strings.ToLower(name), c); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two short strings.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		previous := slices.Clone(row)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(previous[j]+cost, previous[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
