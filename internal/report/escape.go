package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
)

// Names of scenarios, functions and files, and what processes print, come from
// outside. Every renderer passes them through one of these functions.

// maxName is the most columns that a name from outside takes anywhere.
const maxName = 160

// clean makes text safe to print on one line of a terminal: control characters,
// escape sequences, characters that reorder or hide text, and bytes that are
// not UTF-8 become visible, as in \x1b. Line breaks and tabs become spaces.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}

func isClean(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// name is clean for a name, shortened where it is over-long.
func name(s string) string { return shorten(clean(clip(s)), maxName) }

// maxSentence is the same for text that may be longer than a name.
const maxSentence = 2000

func sentence(s string) string { return shorten(strings.TrimSpace(clean(clip(s))), maxSentence) }

// clip takes the middle out of text of which hardly anything will be shown, so
// that a megabyte costs no more than a page. What is left is still long enough
// to be shortened, and thus marked as such.
func clip(s string) string {
	const most = 16 * maxSentence
	if len(s) <= most {
		return s
	}
	return s[:most/2] + s[len(s)-most/2:]
}

// shorten leaves out the middle of s so that it takes at most width columns:
// both ends of a path or a function tell more than its middle. Runes are bounded
// too, since any number of combining marks takes one column.
func shorten(s string, width int) string {
	if len(s) <= width || utf8.RuneCountInString(s) <= 2*width && lipgloss.Width(s) <= width {
		return s
	}
	if width < 1 {
		return ""
	}
	runes := []rune(s)
	head, tail := 0, len(runes)
	// Runes are counted one by one, which for composed characters counts too
	// much at worst.
	for left := width - 1; head < tail; {
		next, fromHead := runes[tail-1], head > len(runes)-tail
		if !fromHead {
			next = runes[head]
		}
		left -= max(lipgloss.Width(string(next)), 1)
		if left < 0 {
			break
		}
		if fromHead {
			tail--
		} else {
			head++
		}
	}
	return string(runes[:head]) + "…" + string(runes[tail:])
}

// tail returns the last lines of what a process printed, each safe to print.
func tail(s string, most int) []string {
	lines := strings.Split(strings.TrimRight(s, "\r\n\t "), "\n")
	if len(lines) > most {
		lines = lines[len(lines)-most:]
	}
	for i, l := range lines {
		lines[i] = shorten(clean(strings.TrimRight(strings.ReplaceAll(l, "\t", "    "), "\r ")), 500)
	}
	if len(lines) == 1 && lines[0] == "" {
		return nil
	}
	return lines
}

// shellQuote makes one word of s for a POSIX shell.
func shellQuote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// codeSpan renders a name in Markdown as code, where neither markup nor
// @mentions have a meaning. A pipe would end a table's cell even in code, and
// its escape would be shown outside of tables, so it is replaced like the
// backtick by a character that looks like it.
func codeSpan(s string) string {
	s = strings.NewReplacer("`", "ˋ", "|", "¦").Replace(name(s))
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return "`" + s + "`"
}

var (
	// A word joiner after the character keeps GitHub from making a mention or a
	// reference of it; it cannot be seen.
	reference = regexp.MustCompile(`([@#])(\w)`)
	link      = regexp.MustCompile(`(?i)(://|www\.)`)
	// What would begin a list, a rule or a heading at the beginning of a line.
	leading = regexp.MustCompile(`^([-+=]|\d+[.)]( |$))`)
)

// prose renders a sentence in Markdown as nothing but text.
func prose(s string) string {
	s = sentence(s)
	s = link.ReplaceAllStringFunc(s, func(m string) string { return m[:len(m)-1] + "\u2060" + m[len(m)-1:] })
	s = reference.ReplaceAllString(s, "$1\u2060$2")
	s = strings.NewReplacer(
		"&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "ˋ", "|", `\|`, "*", `\*`, "_", `\_`,
		"[", `\[`, "]", `\]`, "~", `\~`, "!", `\!`, "#", `\#`,
	).Replace(s)
	return leading.ReplaceAllStringFunc(s, func(m string) string {
		at := len(strings.TrimRight(m, " ")) - 1
		return m[:at] + `\` + m[at:]
	})
}

// benchName makes one element of a benchmark's name: no spaces, which would end
// the name, and no number after a hyphen at its end, which would be read as
// GOMAXPROCS.
func benchName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, shorten(s, maxName))
	if i := strings.LastIndexByte(s, '-'); i >= 0 && i < len(s)-1 && strings.Trim(s[i+1:], "0123456789") == "" {
		s = s[:i] + "_" + s[i+1:]
	}
	return s
}

// jsonSafe escapes in JSON what could act on a terminal. encoding/json does so
// for ASCII control characters only. Outside of strings JSON holds none of it.
func jsonSafe(data []byte) []byte {
	if isCleanJSON(data) {
		return data
	}
	out := make([]byte, 0, len(data)+len(data)/8)
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == '\n' || unicode.IsPrint(r):
			out = append(out, data[:size]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		data = data[size:]
	}
	return out
}

func isCleanJSON(data []byte) bool {
	for _, c := range data {
		if c > '~' || c < ' ' && c != '\n' {
			return false
		}
	}
	return true
}
