package ansi_test

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/highwater-dev/highwater/suites/internal/ansi"
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
		if got := ansi.Boundary([]byte(c.text), c.from); got != c.want {
			t.Errorf("Boundary(%q, %d) = %d, want %d", c.text, c.from, got, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	pieces := ansi.Split([]byte("one\x1b[1mtwo\x1b[0mthree"), 4)
	if got, want := fmt.Sprintf("%q", pieces), `["one\x1b[1m" "tw" "o\x1b[0m" "three"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.SampledFrom([]byte("ab\x1b[0m]\x07\xe4\xb8\x96P\\(")), 0, 200).Draw(t, "p")
		n := rapid.IntRange(1, 20).Draw(t, "n")
		pieces := ansi.Split(p, n)
		if len(pieces) != n || !bytes.Equal(bytes.Join(pieces, nil), p) {
			t.Fatalf("%d pieces of %q: %q", n, p, pieces)
		}
	})
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"", 0},
		{"$ ", 2},
		{"a\x1b", 1},
		{"a\x1b[31", 1},
		{"a\x1b[31m", 6},
		{"a\x1b]2;title", 1},
		{"a\x1b]2;ti\xe4\xb8\x07b", 11}, // bytes in a string are no characters
		{"ab\xe4\xb8", 2},
		{"ab\xe4\xb8\x96", 5},
		{"ab\xff\xfec", 5}, // nor is what can never become one waited for
		{"a\x1b(", 1},
	} {
		if got := ansi.Complete([]byte(c.text)); got != c.want {
			t.Errorf("Complete(%q) = %d, want %d", c.text, got, c.want)
		}
	}
	// What is held back and what comes next make the same text, however the reads fall.
	rapid.Check(t, func(t *rapid.T) {
		text := []byte("one\x1b[38;5;9mtwo\x1b[0m \xe4\xb8\x96 \x1b]0;title\x07three\x1b(B\xc3\xa9")
		var held, shown []byte
		for rest := text; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			held = append(held, rest[:n]...)
			rest = rest[n:]
			end := ansi.Complete(held)
			if p := held[:end]; !bytes.HasPrefix(text[len(shown):], p) || ansi.Complete(p) != len(p) {
				t.Fatalf("%q was shown after %q", p, shown)
			}
			shown, held = append(shown, held[:end]...), held[end:]
		}
		if !bytes.Equal(shown, text) {
			t.Fatalf("shown is %q, and %q held back", shown, held)
		}
	})
}
