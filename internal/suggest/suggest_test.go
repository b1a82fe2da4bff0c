package suggest

import "testing"

func TestNearest(t *testing.T) {
	names := []string{"gates", "baseline", "compare", "report", "runs", "version"}
	for word, want := range map[string]string{
		"gaets":    "gates",
		"GATE":     "gates",
		"basline":  "baseline",
		"run":      "runs",
		"verison":  "version",
		"kitchen":  "",
		"":         "",
		"comparer": "compare",
	} {
		if got := Nearest(word, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestHint(t *testing.T) {
	if got, want := Hint("paek", []string{"peak"}), `; did you mean "peak"?`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Hint("x", nil); got != "" {
		t.Errorf("got %q for no names", got)
	}
}

// The distances are the textbook's: kitten/sitting 3, and the swap that plain
// Levenshtein counts twice.
func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"ab", "ba", 1}, {"", "abc", 3}, {"日本", "日木", 1}} {
		if got := distance([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
