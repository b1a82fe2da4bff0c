package tui

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
)

// longest bounds what is looked at of a text from outside, in bytes.
const longest = 4096

// clean makes text from outside safe for a line of the terminal: control characters,
// escape sequences, what reorders, joins or hides characters, and bytes that are not
// UTF-8 become visible, as in \x1b. Line breaks and tabs become spaces.
//
// What is left are characters whose widths add up to the width of the text, for every
// terminal: combining marks and what else terminals disagree about is not among it.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	if len(s) > longest {
		s = s[:longest]
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r < 0x80 && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case !steady(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

func isClean(s string) bool {
	if len(s) > longest {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// steady reports whether a character stands for itself, as wide as it is alone.
func steady(r rune) bool {
	switch {
	case !unicode.IsPrint(r), unicode.Is(unicode.M, r):
		return false
	case r >= 0x1100 && r <= 0x11ff, r >= 0xa960 && r <= 0xa97f, r >= 0xd7b0 && r <= 0xd7ff:
		return false // Hangul letters, which join to syllables
	case r >= 0x1f1e6 && r <= 0x1f1ff, r >= 0x1f3fb && r <= 0x1f3ff:
		return false // halves of flags, and colours of skin
	}
	return runeWidth(r) > 0
}

// runeWidth is how many columns a character takes.
func runeWidth(r rune) int {
	switch {
	case r < 0x7f, r >= 0x2500 && r <= 0x259f, r >= 0x2800 && r <= 0x28ff:
		return 1 // boxes, blocks and braille among them
	case r >= 0x4e00 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7a3, r >= 0x3041 && r <= 0x3096:
		return 2 // Han, Hangul and Hiragana, of which names may consist
	}
	return lipgloss.Width(string(r))
}

// width is how many columns clean text takes.
func width(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			n = -1
			break
		}
		n++
	}
	if n >= 0 {
		return n
	}
	n = 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// cut leaves out the end of clean text so that it takes at most w columns.
func cut(s string, w int) string {
	if len(s) <= w || width(s) <= w {
		return s
	}
	if w < 1 {
		return ""
	}
	part, _ := fit(s, w-1)
	return part + "…"
}

// middle leaves out the middle instead: both ends of a place tell more.
func middle(s string, w int) string {
	if len(s) <= w || width(s) <= w {
		return s
	}
	if w < 4 {
		return cut(s, w)
	}
	head, used := fit(s, (w-1)/2)
	tail, left := len(s), w-1-used
	for tail > len(head) {
		r, size := utf8.DecodeLastRuneInString(s[:tail])
		if left -= runeWidth(r); left < 0 {
			break
		}
		tail -= size
	}
	return head + "…" + s[tail:]
}

// wrap breaks clean text at spaces into lines of at most w columns.
func wrap(s string, w int) []string {
	if w < 1 {
		return nil
	}
	var lines []string
	line, used := "", 0
	for word := range strings.FieldsSeq(s) {
		n := width(word)
		if used > 0 && used+1+n <= w {
			line, used = line+" "+word, used+1+n
			continue
		}
		if used > 0 {
			lines = append(lines, line)
		}
		for n > w {
			part, columns := fit(word, w)
			if part == "" { // a character that is wider than the line
				return lines
			}
			lines, word, n = append(lines, part), word[len(part):], n-columns
		}
		line, used = word, n
	}
	if used > 0 {
		lines = append(lines, line)
	}
	return lines
}

// fit is the beginning of clean text that takes at most w columns, and how many.
func fit(s string, w int) (part string, columns int) {
	for i, r := range s {
		n := runeWidth(r)
		if columns+n > w {
			return s[:i], columns
		}
		columns += n
	}
	return s, columns
}
