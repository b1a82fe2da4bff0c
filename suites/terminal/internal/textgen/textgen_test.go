package textgen_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/highwater-dev/highwater/suites/terminal/internal/textgen"
)

// The text is input to figures that are compared across machines and versions.
// A change of it is a change of the scenarios, and must be meant.
func TestTextIsFixed(t *testing.T) {
	for name, c := range map[string]struct {
		text []byte
		want string
	}{
		"Log":      {textgen.New(1).Log(100), "d39f085be4c3448b"},
		"ColorLog": {textgen.New(1).ColorLog(100), "398885a3ba3fbe6a"},
		"WideLog":  {textgen.New(1).WideLog(100, 80), "0d85cb646a41d898"},
		"Cells":    {textgen.New(1).Cells(80, 24), "d4ebd64c2f767ca7"},
		"Source":   {textgen.New(1).Source(10), "22c5ae820e321df7"},
	} {
		if got := fmt.Sprintf("%x", sha256.Sum256(c.text))[:16]; got != c.want {
			t.Errorf("%s: hash %s, want %s; it begins %q", name, got, c.want, c.text[:60])
		}
	}
}

func TestWideLinesDoNotWrap(t *testing.T) {
	g := textgen.New(3)
	for range 2000 {
		line := g.WideLine(80)
		columns := 0
		for _, r := range line {
			columns++
			if r >= 0x1100 { // everything there is two columns wide
				columns++
			}
		}
		if columns > 80 || utf8.RuneCountInString(line) > 80 || !utf8.ValidString(line) {
			t.Fatalf("%d columns, %d runes: %q", columns, utf8.RuneCountInString(line), line)
		}
	}
}

func TestLogLooksLikeOne(t *testing.T) {
	lines := bytes.Split(bytes.TrimSuffix(textgen.New(4).Log(50), []byte("\r\n")), []byte("\r\n"))
	if len(lines) != 50 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		if len(line) < 45 || len(line) > 250 || !strings.HasPrefix(string(line), "2026-03-04T05:") || bytes.ContainsAny(line, "\x1b\n\t") {
			t.Errorf("%q", line)
		}
	}
}
