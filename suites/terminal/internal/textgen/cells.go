package textgen

import "fmt"

// Cells returns output that fills a screen of that size from its upper left
// corner on, with a character in every cell and other colours in each: the
// most that a screen can be made to hold. It leaves the last column of the last
// row alone, for what happens after it is written differs between terminals.
func (g *Generator) Cells(cols, rows int) []byte {
	p := []byte("\x1b[0m\x1b[H")
	for y := range rows {
		if y > 0 {
			p = fmt.Appendf(p, "\x1b[%dH", y+1)
		}
		last := cols
		if y == rows-1 {
			last--
		}
		for range last {
			p = fmt.Appendf(p, "\x1b[38;5;%d;48;5;%dm%c", g.r.IntN(256), g.r.IntN(256), '!'+rune(g.r.IntN('~'-'!')))
		}
	}
	return append(p, "\x1b[0m"...)
}
