package engines

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"github.com/hinshun/vt10x"

	"github.com/highwater-dev/highwater/suites/terminal"
)

// VT10x is github.com/hinshun/vt10x. It keeps no scrollback and draws nothing:
// the adapter draws its cells.
func VT10x() terminal.Engine {
	return terminal.Engine{
		Name: "vt10x",
		Doc:  "github.com/hinshun/vt10x, which keeps no scrollback",
		New: func(cols, rows, _ int) (terminal.Terminal, error) {
			return vt10xTerminal{vt10x.New(vt10x.WithSize(cols, rows))}, nil
		},
	}
}

type vt10xTerminal struct{ vt vt10x.Terminal }

func (t vt10xTerminal) Write(p []byte) (int, error) { return t.vt.Write(p) }

func (t vt10xTerminal) Resize(cols, rows int) error {
	t.vt.Resize(cols, rows)
	return nil
}

func (t vt10xTerminal) Screen() []string {
	rows := strings.Split(strings.TrimSuffix(t.vt.String(), "\n"), "\n")
	for i, row := range rows {
		// A cell never written to holds a zero rune.
		rows[i] = strings.TrimRight(strings.ReplaceAll(row, "\x00", " "), " ")
	}
	return rows
}

func (t vt10xTerminal) Render(w io.Writer) error {
	t.vt.Lock()
	defer t.vt.Unlock()
	b := bufio.NewWriter(w)
	cols, rows := t.vt.Size()
	for y := range rows {
		if y > 0 {
			_, _ = b.WriteString("\r\n") // the writer keeps its error until Flush
		}
		last := vt10x.Glyph{FG: vt10x.DefaultFG, BG: vt10x.DefaultBG}
		for x := range cols {
			g := t.vt.Cell(x, y)
			if g.FG != last.FG || g.BG != last.BG {
				_, _ = b.WriteString("\x1b[0")
				writeColor(b, "38", g.FG)
				writeColor(b, "48", g.BG)
				_ = b.WriteByte('m')
			}
			last = g
			_, _ = b.WriteRune(max(g.Char, ' '))
		}
		_, _ = b.WriteString("\x1b[0m")
	}
	return b.Flush()
}

// writeColor appends an SGR parameter; the library's colours are indexes below
// 256, RGB values above, and constants past 24 bits for the defaults.
func writeColor(b *bufio.Writer, code string, c vt10x.Color) {
	var digits [8]byte
	number := func(n vt10x.Color) {
		_ = b.WriteByte(';')
		_, _ = b.Write(strconv.AppendUint(digits[:0], uint64(n), 10))
	}
	switch {
	case c >= 1<<24:
	case c < 256:
		_, _ = b.WriteString(";" + code + ";5")
		number(c)
	default:
		_, _ = b.WriteString(";" + code + ";2")
		number(c >> 16)
		number(c >> 8 & 0xff)
		number(c & 0xff)
	}
}

func (t vt10xTerminal) Close() error { return nil }
