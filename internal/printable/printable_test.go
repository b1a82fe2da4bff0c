package printable

import (
	"strings"
	"testing"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string][3]string{
		"a/b@c":               {"a/b@c", "`a/b@c`", "a/b@\u2060c"},
		" two\nlines\t":       {"two lines", "`two lines`", " two\nlines\t"},
		"\x1b[31mred\u202e":   {"\ufffd[31mred\ufffd", "`\ufffd[31mred\ufffd`", "\x1b\\[31mred\u202e"},
		"`|` <b>*x*</b>":      {"`|` <b>*x*</b>", "`ˋ¦ˋ <b>*x*</b>`", `ˋ\|ˋ &lt;b&gt;\*x\*&lt;/b&gt;`},
		"[l](javascript:a_b)": {"[l](javascript:a_b)", "`[l](javascript:a_b)`", `\[l\](javascript:a\_b)`},
	} {
		if got := [3]string{Line(in), Code(in), Prose(in)}; got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := []rune(Line(strings.Repeat("ä", 1000))); len(got) != most+1 || got[most] != '…' {
		t.Errorf("%d characters of an endless text", len(got))
	}
}
