package script_test

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/highwater-dev/highwater/suites/terminal/internal/script"
)

func TestBoundary(t *testing.T) {
	for _, c := range []struct {
		text string
		from int
		want int
	}{
		{"abc", 1, 1},
		{"abc", 9, 3},
		{"a\x1b[31mb", 2, 6},
		{"a\x1b[31m\x1b[1mb", 2, 6},
		{"a\x1b(Bb", 2, 4},
		{"a\x1b]2;title\x07b", 2, 11},
		{"a\x1b]2;title\x1b\\b", 2, 12},
		{"a\x1bP1;q\x1b\\b", 3, 8},
		{"a\x1b7b", 2, 3},
		{"世界x", 1, 6},      // not between characters that are not ASCII
		{"e\u0301x", 1, 3}, // nor before a combining mark
		{"a\x1b[31", 2, 5}, // an unfinished sequence ends with the text
		{"a\x1b[31\x18b", 2, 6},
	} {
		if got := script.Boundary([]byte(c.text), c.from); got != c.want {
			t.Errorf("Boundary(%q, %d) = %d, want %d", c.text, c.from, got, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	pieces := script.Split([]byte("one\x1b[1mtwo\x1b[0mthree"), 4)
	if got, want := fmt.Sprintf("%q", pieces), `["one\x1b[1m" "tw" "o\x1b[0m" "three"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.SampledFrom([]byte("ab\x1b[0m]\x07\xe4\xb8\x96P\\(")), 0, 200).Draw(t, "p")
		n := rapid.IntRange(1, 20).Draw(t, "n")
		pieces := script.Split(p, n)
		if len(pieces) != n || !bytes.Equal(bytes.Join(pieces, nil), p) {
			t.Fatalf("%d pieces of %q: %q", n, p, pieces)
		}
	})
}
