package engines

import (
	"errors"
	"io"
	"strings"

	"github.com/charmbracelet/x/vt"

	"github.com/highwater-dev/highwater/suites/terminal"
)

// XVT is github.com/charmbracelet/x/vt. It is far over the standard budget: it
// reserves 4 MiB for its parser in every terminal, and its alternate screen has
// a scrollback of 10,000 lines that nothing can shorten or show. That makes it
// the engine with which to see a gate fail, so it gets no budget of its own.
func XVT() terminal.Engine {
	return terminal.Engine{
		Name: "xvt",
		Doc:  "github.com/charmbracelet/x/vt, known to be far over the standard budget",
		New: func(cols, rows, scrollback int) (terminal.Terminal, error) {
			t := &xvtTerminal{vt: vt.NewEmulator(cols, rows), drained: make(chan struct{})}
			t.vt.SetScrollbackSize(scrollback)
			// Replies to queries go through a pipe without a buffer: a Write
			// that causes one blocks until somebody reads it.
			go func() {
				defer close(t.drained)
				_, _ = io.Copy(io.Discard, t.vt) // ends with the pipe
			}()
			return t, nil
		},
	}
}

type xvtTerminal struct {
	vt      *vt.Emulator
	drained chan struct{} // closed when the goroutine that takes replies ends
}

func (t *xvtTerminal) Write(p []byte) (int, error) { return t.vt.Write(p) }

func (t *xvtTerminal) Resize(cols, rows int) error {
	t.vt.Resize(cols, rows)
	return nil
}

func (t *xvtTerminal) Screen() []string {
	rows := make([]string, t.vt.Height())
	var b strings.Builder
	for y := range rows {
		b.Reset()
		for x := 0; x < t.vt.Width(); {
			cell := t.vt.CellAt(x, y)
			if cell == nil || cell.Content == "" {
				b.WriteByte(' ')
				x++
				continue
			}
			b.WriteString(cell.Content)
			x += max(cell.Width, 1)
		}
		rows[y] = strings.TrimRight(b.String(), " ")
	}
	return rows
}

func (t *xvtTerminal) Render(w io.Writer) error {
	_, err := io.WriteString(w, t.vt.Render())
	return err
}

func (t *xvtTerminal) Scrollback() int { return t.vt.ScrollbackLen() }

func (t *xvtTerminal) ScrollbackLine(i int) string {
	return strings.TrimRight(t.vt.Scrollback().Line(i).String(), " ")
}

// Close ends the goroutine before it closes the emulator, whose own Close and
// Read share a flag without a lock.
func (t *xvtTerminal) Close() error {
	pipe, ok := t.vt.InputPipe().(io.Closer)
	if !ok {
		return errors.New("xvt: the emulator's input pipe cannot be closed")
	}
	if err := pipe.Close(); err != nil {
		return err
	}
	<-t.drained
	return t.vt.Close()
}
