package terminal

import (
	"fmt"
	"strings"
	"unicode"
)

// compareRows returns an error that shows the first row in which got differs
// from want at the level, and says how many do.
func compareRows(level Level, want, got []string) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d rows, want %d", len(got), len(want))
	}
	first, differing := -1, 0
	for i := range want {
		if level.reduce(want[i]) != level.reduce(got[i]) {
			differing++
			if first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return nil
	}
	return fmt.Errorf("%d of %d rows differ (compared by %s), the first of them row %d:\n\tgot  %q\n\twant %q",
		differing, len(want), level, first+1, got[first], want[first])
}

// reduce leaves what is compared at the level.
func (l Level) reduce(row string) string {
	if l == LevelExact {
		return row
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case l >= LevelBases && (unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Cf, r)):
			return -1
		}
		return r
	}, row)
}
