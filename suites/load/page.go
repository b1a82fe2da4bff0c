package load

import (
	"bytes"
	"strconv"
)

// page is both sides of what a session's program does: the bytes that it
// prints, and the screen that they must lead to. One piece of code makes both,
// so that no terminal is needed to know what a screen has to show.
//
// Printing allocates nothing once out is large enough: what a scenario is said
// to allocate is the server's.
type page struct {
	out []byte // printed so far

	// The screen is kept only where rows is not nil.
	rows    [][]byte
	x, y    int
	history [][]byte // lines that have left the screen, oldest first
}

// newPage returns a page that keeps its screen.
func newPage(cols, rows int) *page {
	p := &page{rows: make([][]byte, rows)}
	for i := range p.rows {
		p.rows[i] = bytes.Repeat([]byte{' '}, cols)
	}
	return p
}

// at moves the cursor; row and column are counted from 0.
func (p *page) at(row, col int) {
	p.out = append(p.out, "\x1b["...)
	p.out = strconv.AppendInt(p.out, int64(row+1), 10)
	p.out = append(p.out, ';')
	p.out = strconv.AppendInt(p.out, int64(col+1), 10)
	p.out = append(p.out, 'H')
	p.y, p.x = row, col
}

// color sets one of 256 colours.
func (p *page) color(n int) {
	p.out = append(p.out, "\x1b[38;5;"...)
	p.out = strconv.AppendInt(p.out, int64(n&0xff), 10)
	p.out = append(p.out, 'm')
}

// plain ends colours.
func (p *page) plain() { p.out = append(p.out, "\x1b[m"...) }

// text prints ASCII text that does not reach the last column.
func (p *page) text(s string) {
	p.out = append(p.out, s...)
	if p.rows != nil {
		p.x += copy(p.rows[p.y][p.x:], s)
	}
}

// repeat prints a character n times.
func (p *page) repeat(c byte, n int) {
	for range n {
		p.char(c)
	}
}

func (p *page) char(c byte) {
	p.out = append(p.out, c)
	if p.rows != nil {
		p.rows[p.y][p.x] = c
		p.x++
	}
}

// number prints n with leading zeros.
func (p *page) number(n, digits int) {
	for unit := power10(digits - 1); unit > 0; unit /= 10 {
		p.char('0' + byte(n/unit%10))
	}
}

func power10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}

// newline goes to the start of the next line, and scrolls at the last.
func (p *page) newline() {
	p.out = append(p.out, "\r\n"...)
	p.x = 0
	if p.rows == nil {
		return
	}
	if p.y < len(p.rows)-1 {
		p.y++
		return
	}
	top := p.rows[0]
	p.history = append(p.history, bytes.Clone(bytes.TrimRight(top, " ")))
	copy(p.rows, p.rows[1:])
	for i := range top {
		top[i] = ' '
	}
	p.rows[len(p.rows)-1] = top
}

// clear empties the screen, and does not count on what was there before.
func (p *page) clear() {
	p.out = append(p.out, "\x1b[m\x1b[r\x1b[H\x1b[2J"...)
	p.x, p.y = 0, 0
	for _, row := range p.rows {
		for i := range row {
			row[i] = ' '
		}
	}
}
