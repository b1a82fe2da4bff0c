package printable

import (
	"strings"
	"unicode"
)

// most is how many characters of a text are shown.
const most = 400

// Line is the text on one line, without what a terminal would act on, cut where it is
// endless.
func Line(s string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		}
		return r
	}, s))
	if len(runes) > most {
		runes = append(runes[:most], '…')
	}
	return strings.TrimSpace(string(runes))
}

var (
	inCode  = strings.NewReplacer("`", "ˋ", "|", "¦")
	inProse = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "ˋ", "|", `\|`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`, "#", `\#`, "@", "@\u2060")
)

// Code renders a name as Markdown's code. What would end the code or a table's cell is
// replaced by a character that looks like it.
func Code(s string) string { return "`" + inCode.Replace(Line(s)) + "`" }

// Prose keeps text from being read as Markdown.
func Prose(s string) string { return inProse.Replace(s) }
