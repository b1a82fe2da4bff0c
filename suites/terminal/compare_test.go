package terminal

import (
	"strings"
	"testing"
)

func TestCompareRows(t *testing.T) {
	for _, c := range []struct {
		want, got string
		passes    Level // the strictest level at which they are the same; -1 for none
	}{
		{"a b", "a b", LevelExact},
		{"世界", "世 界", LevelRunes},
		{"cafe\u0301", "cafe\u0301", LevelExact},
		{"cafe\u0301 世", "cafe世", LevelBases},
		{"👩\u200d💻\ufe0f", "👩💻", LevelBases},
		{"ab", "ba", -1},
		{"a", "", -1},
		{"a\nb", "a", -1},
		{"a\nb", "b\na", -1},
	} {
		for _, level := range []Level{LevelExact, LevelRunes, LevelBases} {
			err := compareRows(level, strings.Split(c.want, "\n"), strings.Split(c.got, "\n"))
			if pass := c.passes >= 0 && level >= c.passes; (err == nil) != pass {
				t.Errorf("%q for %q at level %s: %v", c.got, c.want, level, err)
			}
		}
	}
	err := compareRows(LevelRunes, []string{"a", "b", "c"}, []string{"a", "x", "y"})
	const want = "2 of 3 rows differ (compared by runes), the first of them row 2:\n\tgot  \"x\"\n\twant \"b\""
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// A deviation loosens the check of its scenario, and of no other.
func TestDeviationsAreHonoured(t *testing.T) {
	e := Engine{Deviations: []Deviation{{Scenario: "scrollback", Level: LevelRunes, Reason: "r"}}}
	for scenario, want := range map[string]Level{"scrollback": LevelRunes, "buffer_fill": LevelExact} {
		if got := e.level(scenario, LevelExact); got != want {
			t.Errorf("%s: level %s, want %s", scenario, got, want)
		}
	}
	if got := e.level("scrollback", LevelBases); got != LevelBases {
		t.Errorf("a deviation made the scenario's own level stricter: %s", got)
	}
}
