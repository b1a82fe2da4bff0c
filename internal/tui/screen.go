package tui

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// screen brings frames to the terminal. Bubble Tea has the terminal's modes, its keys and
// its restoration, and is given an empty picture: it makes a grid of each frame, and
// compares all of its cells and looks for lines that have moved, which for the 12,000
// cells of 200x60 was half of what the dashboard cost. Here lines are compared that are
// text still, which is enough for a picture whose lines do not move.
//
// Bubble Tea writes through it, too. After anything that it has written the whole picture
// is drawn anew, as it clears the screen at times (when the terminal's size changes).
type screen struct {
	out   io.Writer
	every time.Duration // from one frame to the next, at least

	mu      sync.Mutex
	up      bool // the alternate screen is shown, which is where frames are drawn
	batched bool // the terminal can be told to show a frame all at once
	want    string
	known   bool     // lines are what stands there
	lines   []string // of the frame that stands there
	drawn   time.Time
	later   *time.Timer // draws what has come too early
	buf     []byte
	broken  string // the panic that drawing ended in
}

// Write takes what Bubble Tea has for the terminal.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := string(b)
	if on, off := strings.LastIndex(text, ansi.SetModeAltScreenSaveCursor), strings.LastIndex(text, ansi.ResetModeAltScreenSaveCursor); on != off {
		s.up = on > off
	}
	s.known = false
	s.buf = append(s.buf[:0], text...)
	if s.up && s.broken == "" {
		s.safely(func() { s.frame() })
	}
	if err := s.flush(); err != nil {
		return 0, err
	}
	return len(b), nil
}

// show has a frame drawn, at once or when it is time for the next.
func (s *screen) show(frame string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.want = frame; {
	case s.broken != "":
		panic(s.broken)
	case s.later != nil:
		return
	}
	if wait := s.every - time.Since(s.drawn); wait > 0 {
		s.later = time.AfterFunc(wait, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.later = nil
			s.safely(s.draw)
		})
		return
	}
	s.draw()
}

// safely draws where nobody would restore the terminal after a panic: on a timer, and for
// Bubble Tea's own writes. The next [screen.show] panics with it, where Bubble Tea does. No
// half of a frame is left in buf, which would leave modes behind.
func (s *screen) safely(draw func()) {
	before := len(s.buf)
	defer func() {
		if r := recover(); r != nil {
			s.buf = s.buf[:min(before, len(s.buf))]
			s.known, s.broken = false, fmt.Sprintf("%v\n%s", r, debug.Stack())
		}
	}()
	draw()
}

// forget has the next frame drawn whole.
func (s *screen) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = false
}

func (s *screen) batch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batched = true
}

func (s *screen) draw() {
	s.buf = s.buf[:0]
	if !s.up || !s.frame() {
		return
	}
	s.drawn = time.Now()
	// Where the terminal has gone the process is told to end, which is seen elsewhere.
	_ = s.flush()
}

func (s *screen) flush() error {
	_, err := s.out.Write(s.buf)
	if err != nil {
		s.known = false
	}
	return err
}

// frame appends to buf what turns the screen into the frame that is wanted, and reports
// whether there was anything to do.
func (s *screen) frame() bool {
	before := len(s.buf)
	if s.batched {
		s.buf = append(s.buf, ansi.SetModeSynchronizedOutput...)
	}
	// A terminal may have become smaller than the frame: what does not fit is not to wrap.
	s.buf = append(s.buf, ansi.ResetModeAutoWrap...)
	begun := len(s.buf)
	if !s.known {
		s.buf = append(s.buf, ansi.CursorHomePosition+ansi.EraseEntireScreen...)
		s.lines, s.known = s.lines[:0], true
	}
	i := 0
	for line := range strings.SplitSeq(s.want, "\n") {
		if i == len(s.lines) {
			s.lines = append(s.lines, "")
		}
		if s.lines[i] != line {
			s.buf = redraw(s.buf, i, s.lines[i], line)
		}
		s.lines[i] = line // of this frame, so that no older one is kept for it
		i++
	}
	for ; i < len(s.lines); i++ {
		s.buf = redraw(s.buf, i, s.lines[i], "")
		s.lines[i] = ""
	}
	if len(s.buf) == begun {
		s.buf = s.buf[:before]
		return false
	}
	s.buf = append(s.buf, ansi.SetModeAutoWrap...)
	if s.batched {
		s.buf = append(s.buf, ansi.ResetModeSynchronizedOutput...)
	}
	return true
}

// redraw appends what turns one line of the screen into another: the cells that differ.
func redraw(out []byte, y int, old, line string) []byte {
	const nowhere = -1
	a, b := cells{rest: old}, cells{rest: line}
	at, pen := nowhere, ""
	a.next()
	for b.next() {
		for a.ok && a.column < b.column {
			a.next()
		}
		if b.same(&a) {
			continue
		}
		switch {
		case at == nowhere:
			out = append(out, ansi.CursorPosition(b.column+1, y+1)...)
		case at < b.column:
			out = append(out, ansi.CursorForward(b.column-at)...)
		}
		if pen != b.pen {
			if pen != "" {
				out = append(out, sgrOff...)
			}
			out = append(out, b.pen...)
			pen = b.pen
		}
		out = append(out, b.text...)
		at = b.column + b.width
	}
	if pen != "" {
		out = append(out, sgrOff...)
	}
	for a.ok {
		a.next()
	}
	if a.column > b.column { // it was longer
		out = append(out, ansi.CursorPosition(b.column+1, y+1)...)
		out = append(out, ansi.EraseLineRight...)
	}
	return out
}

// cells walks along a line, as row writes them: each style is ended before the next begins.
type cells struct {
	rest string

	ok            bool // there is a cell
	text, pen     string
	column, width int
}

// next goes to the next cell. After the last one, column is where the line ends.
func (c *cells) next() bool {
	c.column += c.width
	for strings.HasPrefix(c.rest, "\x1b") {
		end := strings.IndexByte(c.rest, 'm') + 1
		if end == 0 { // row ends all that it begins
			c.rest = ""
			break
		}
		if c.pen = c.rest[:end]; c.pen == sgrOff {
			c.pen = ""
		}
		c.rest = c.rest[end:]
	}
	if c.ok = c.rest != ""; !c.ok {
		c.width = 0
		return false
	}
	r, size := utf8.DecodeRuneInString(c.rest)
	c.text, c.rest, c.width = c.rest[:size], c.rest[size:], runeWidth(r)
	return true
}

// same reports whether the cell looks like another one, of a line that is blank after its
// end, and stands where it stands.
func (c *cells) same(o *cells) bool {
	if !o.ok {
		return c.column >= o.column && c.text == " " && c.pen == ""
	}
	return c.column == o.column && c.text == o.text && c.pen == o.pen
}

// file is a screen whose terminal is one that Bubble Tea may ask for its size.
type file struct {
	term.File
	screen *screen
}

func (f file) Write(b []byte) (int, error) { return f.screen.Write(b) }

// writer is what Bubble Tea is to write to.
func (s *screen) writer() io.Writer {
	if f, ok := s.out.(term.File); ok {
		return file{f, s}
	}
	return s
}

// program is a model whose frames go to a screen of its own.
type program struct {
	*model
	screen *screen
}

func (p program) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		p.screen.forget()
	case tea.ModeReportMsg:
		if msg.Mode == ansi.ModeSynchronizedOutput && msg.Value == ansi.ModeReset {
			p.screen.batch()
		}
	}
	return p, p.update(msg)
}

func (p program) View() tea.View {
	v := p.model.View()
	p.screen.show(v.Content)
	v.Content = " " // where it is empty Bubble Tea clears the screen ten times a second
	return v
}
