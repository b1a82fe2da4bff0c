package report

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"midterm.(*Screen).insertLine", "midterm.(*Screen).insertLine"},
		{"größe 世界", "größe 世界"},
		{"a\x1b[2Jb", `a\x1b[2Jb`},
		{"a\x1b]0;title\x07b", `a\x1b]0;title\x07b`},
		{"a\u009b31mb", `a\u009b31mb`}, // the C1 form of ESC [
		{"a\nb\tc\r\nd", "a b c  d"},
		{"a\u2028b\u00a0c", "a b c"},
		{"a\xffb\xc3", `a\xffb\xc3`},
		{"invoice\u202egpj.exe", `invoice\u202egpj.exe`},
		{"zero\u200bwidth\ufeff", `zero\u200bwidth\ufeff`},
		{"tag\U000e0041", `tag\ue0041`},
		{"\x7f\b\a\x00", `\x7f\x08\x07\x00`},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"short", 5, "short"},
		{"abcdefghij", 5, "ab…ij"},
		{"abcdefghij", 6, "abc…ij"},
		{"abcdefghij", 1, "…"},
		{"abcdefghij", 0, ""},
		{"e" + strings.Repeat("\u0301", 100), 3, "e…\u0301"},
		{"世界世界世界", 7, "世界…界"},
	} {
		if got := shorten(c.in, c.width); got != c.want || lipgloss.Width(got) > c.width {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func TestTail(t *testing.T) {
	got := tail("1\n2\r\n\tpanic: \x1b[31mred\n\n", 2)
	if want := []string{"2", `    panic: \x1b[31mred`}; strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := tail(" \n", 3); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestMarkdownEscapes(t *testing.T) {
	for _, c := range []struct{ in, code, text string }{
		{"scroll_back/x@midterm", "`scroll_back/x@midterm`", "scroll\\_back/x@\u2060midterm"},
		{"a|b`c\nd", "`a¦bˋc d`", "a\\|bˋc d"},
		{"<script>alert(1)</script>", "`<script>alert(1)</script>`", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"hello @octocat, see #1", "`hello @octocat, see #1`", "hello @\u2060octocat, see \\#\u20601"},
		{"![x](http://evil.example)", "`![x](http://evil.example)`", "\\!\\[x\\](http:/\u2060/evil.example)"},
		{"www.evil.example", "`www.evil.example`", "www\u2060.evil.example"},
		{"a&lt;b", "`a&lt;b`", "a&amp;lt;b"},
		{"- 1", "`- 1`", `\- 1`},
		{"12. x", "`12. x`", `12\. x`},
		{"12.5 KB", "`12.5 KB`", "12.5 KB"},
		{"=== x", "`=== x`", `\=== x`},
		{" ", "", ""},
	} {
		if got := codeSpan(c.in); got != c.code {
			t.Errorf("codeSpan(%q) = %q, want %q", c.in, got, c.code)
		}
		if got := prose(c.in); got != c.text {
			t.Errorf("prose(%q) = %q, want %q", c.in, got, c.text)
		}
	}
}

func TestBenchName(t *testing.T) {
	for in, want := range map[string]string{
		"scrollback": "scrollback", "two words": "two_words", "size-80": "size_80", "a-b": "a-b", "80x24-x": "80x24-x", "esc\x1b": "esc_", "bad\xff": "bad_",
	} {
		if got := benchName(in); got != want {
			t.Errorf("benchName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestShellQuote(t *testing.T) {
	for in, want := range map[string]string{"/a/b.pb.gz": "/a/b.pb.gz", "/my runs/x": "'/my runs/x'", "it's; rm": `'it'\''s; rm'`, "": "''", "$(x)": "'$(x)'"} {
		if got := shellQuote(in); got != want {
			t.Errorf("shellQuote(%q) = %q, want %q", in, got, want)
		}
	}
}

// unsafe finds what may act on a terminal, or reorders or hides text.
func unsafe(s string) (rune, bool) {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return r, true
		}
	}
	return 0, !utf8.ValidString(s)
}

// acts finds a mention or a reference that GitHub would act on.
var acts = regexp.MustCompile(`[@#]\w|://|(?i)www\.`)

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b[2J\u009b\u202e\xff", "a|b`c<d>@e#1\n\nhttp://x www.x", "世界\u0301\u200d👩‍👩‍👧", strings.Repeat("long/", 100), `\`, "-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for where, text := range map[string]string{
			"clean": clean(s), "name": name(s), "sentence": sentence(s), "codeSpan": codeSpan(s), "tail": strings.Join(tail(s, 5), ""), "benchName": benchName(s),
		} {
			if r, bad := unsafe(text); bad {
				t.Errorf("%s(%q) = %q holds %U", where, s, text, r)
			}
		}
		if w := lipgloss.Width(name(s)); w > maxName {
			t.Errorf("name(%q) takes %d columns", s, w)
		}
		if code := codeSpan(s); code != "" && strings.ContainsAny(code[1:len(code)-1], "`|") {
			t.Errorf("codeSpan(%q) = %q", s, code)
		}
		text := prose(s)
		if r, bad := unsafe(strings.ReplaceAll(text, "\u2060", "")); bad {
			t.Errorf("prose(%q) = %q holds %U", s, text, r)
		}
		if acts.MatchString(text) || strings.ContainsAny(text, "<>") {
			t.Errorf("prose(%q) = %q is not only text", s, text)
		}
		if n := benchName(s); strings.ContainsAny(n, " \t\n") {
			t.Errorf("benchName(%q) = %q", s, n)
		}
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back, want string
		safe := jsonSafe(data)
		if err := json.Unmarshal(safe, &back); err != nil {
			t.Fatalf("jsonSafe(%q) = %q: %v", data, safe, err)
		}
		if _ = json.Unmarshal(data, &want); back != want {
			t.Errorf("jsonSafe changed %q to %q", want, back)
		}
		if r, bad := unsafe(string(safe)); bad {
			t.Errorf("jsonSafe(%q) = %q holds %U", data, safe, r)
		}
	})
}
