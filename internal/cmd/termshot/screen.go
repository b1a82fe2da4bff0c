package main

import (
	"strconv"
	"strings"
	"unicode"
)

// style is how a run of characters looks. Colours are those of CSS, "" for the
// terminal's own.
type style struct {
	fg, bg                                  string
	bold, faint, italic, underline, reverse bool
}

// span is neighbouring characters of one style.
type span struct {
	col   int // of its first cell, from 0
	cells int
	text  string
	style style
}

// parse reads lines of text with SGR sequences (ECMA-48, 8.3.117). Other escape
// sequences are dropped: tmux prints none.
func parse(captured string) [][]span {
	var lines [][]span
	var now style
	for line := range strings.SplitSeq(strings.TrimRight(captured, "\n "), "\n") {
		lines = append(lines, parseLine(strings.TrimRight(line, "\r"), &now))
	}
	return lines
}

func parseLine(line string, now *style) []span {
	var runs []span
	col := 0
	for line != "" {
		if rest, params, final, ok := escape(line); ok {
			if final == 'm' {
				now.apply(params)
			}
			line = rest
			continue
		}
		end := strings.IndexByte(line, '\x1b')
		if end < 0 {
			end = len(line)
		}
		text := printable(line[:end])
		line = line[end:]
		if n := cells(text); n > 0 {
			runs = append(runs, span{col, n, text, *now})
			col += n
		}
	}
	return trim(runs)
}

// escape cuts an escape sequence off the beginning of s. One that is not
// complete ends with s.
func escape(s string) (rest, params string, final byte, ok bool) {
	if s[0] != '\x1b' {
		return s, "", 0, false
	}
	if len(s) < 2 || s[1] != '[' {
		return s[min(2, len(s)):], "", 0, true
	}
	i := 2
	for i < len(s) && (s[i] < 0x40 || s[i] > 0x7e) {
		i++
	}
	if i == len(s) {
		return "", "", 0, true
	}
	return s[i+1:], s[2:i], s[i], true
}

// printable leaves out control characters, which XML does not allow.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func cells(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			n++
		}
	}
	return n
}

// trim takes blank runs without a background off the end of a line.
func trim(runs []span) []span {
	for len(runs) > 0 {
		last := runs[len(runs)-1]
		if strings.TrimSpace(last.text) != "" || last.style.bg != "" || last.style.reverse {
			break
		}
		runs = runs[:len(runs)-1]
	}
	return runs
}

// apply changes the style as the parameters of an SGR sequence say. Those that
// it does not know are ignored.
func (s *style) apply(params string) {
	codes := strings.FieldsFunc(params, func(r rune) bool { return r == ';' || r == ':' })
	if len(codes) == 0 {
		codes = []string{"0"}
	}
	for i := 0; i < len(codes); i++ {
		n, err := strconv.Atoi(codes[i])
		if err != nil {
			continue
		}
		switch {
		case n == 0:
			*s = style{}
		case n == 1:
			s.bold = true
		case n == 2:
			s.faint = true
		case n == 3:
			s.italic = true
		case n == 4:
			s.underline = true
		case n == 7:
			s.reverse = true
		case n == 22:
			s.bold, s.faint = false, false
		case n == 23:
			s.italic = false
		case n == 24:
			s.underline = false
		case n == 27:
			s.reverse = false
		case n >= 30 && n <= 37:
			s.fg = palette(n - 30)
		case n == 38 || n == 48:
			colour, used := extended(codes[i+1:])
			if n == 38 {
				s.fg = colour
			} else {
				s.bg = colour
			}
			i += used
		case n == 39:
			s.fg = ""
		case n >= 40 && n <= 47:
			s.bg = palette(n - 40)
		case n == 49:
			s.bg = ""
		case n >= 90 && n <= 97:
			s.fg = palette(n - 90 + 8)
		case n >= 100 && n <= 107:
			s.bg = palette(n - 100 + 8)
		}
	}
}
