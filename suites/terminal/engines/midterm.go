package engines

import (
	"io"
	"strings"
	"sync"

	"github.com/vito/midterm"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/terminal"
)

// Midterm is github.com/vito/midterm. The library hands lines that leave the
// screen to a hook; the adapter keeps them as text with ANSI sequences, the
// smallest form in which they can be drawn again.
func Midterm() terminal.Engine {
	const (
		scrolls = "midterm makes all rows of the screen anew for every line that scrolls (48 KB at 200x60), and little else is alive: text fed without a pause is garbage to be collected"
		cells   = "midterm keeps runs of equal colours in linked lists: with other colours in every cell every character makes new links, and the collector follows them all"
	)
	return terminal.Engine{
		Name: "midterm",
		Doc:  "github.com/vito/midterm, with its scrollback kept as ANSI strings",
		Budgets: []terminal.Budget{
			busyCollector("buffer_fill", cells), busyCollector("ansi_processing", scrolls),
			busyCollector("scrollback", scrolls), busyCollector("unicode_wide", scrolls),
		},
		New: func(cols, rows, scrollback int) (terminal.Terminal, error) {
			t := &midtermTerminal{vt: midterm.NewTerminal(rows, cols), history: newHistory(scrollback)}
			// The input has passed a pseudo-terminal: line feeds only move down.
			t.vt.Raw = true
			t.vt.OnScrollback(t.keep)
			return t, nil
		},
	}
}

// busyCollector lets the collector be as busy as it likes. The metric is at most
// 1, so the figure is shown and not judged.
func busyCollector(scenario, reason string) terminal.Budget {
	return terminal.Budget{Scenario: scenario, Limit: highwater.Limit{Metric: highwater.GCPressure, Bound: 1, Reason: reason}}
}

// midtermTerminal has a lock of its own because the library does not take its
// own while it parses: drawing a frame during a Write would race.
type midtermTerminal struct {
	mu      sync.Mutex
	vt      *midterm.Terminal
	history *history
	line    []byte // reused by keep
}

func (t *midtermTerminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.vt.Write(p)
}

func (t *midtermTerminal) Resize(cols, rows int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.vt.Resize(rows, cols)
	return nil
}

func (t *midtermTerminal) Screen() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	rows := make([]string, len(t.vt.Content))
	for i, row := range t.vt.Content {
		rows[i] = strings.TrimRight(string(row), " ")
	}
	return rows
}

func (t *midtermTerminal) Render(w io.Writer) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.vt.Render(w)
}

// keep is the library's scrollback hook; it runs inside Write. Blank cells at
// the end of the line are left out.
func (t *midtermTerminal) keep(line midterm.Line) {
	end := len(line.Content)
	for end > 0 && line.Content[end-1] == ' ' && line.Format[end-1].Bg == nil {
		end--
	}
	t.line = t.line[:0]
	var last midterm.Format
	for i, r := range line.Content[:end] {
		if f := line.Format[i]; f != last {
			t.line = append(t.line, f.Render()...)
			last = f
		}
		t.line = append(t.line, string(r)...)
	}
	t.history.push(string(t.line))
}

func (t *midtermTerminal) Scrollback() int             { return t.history.len() }
func (t *midtermTerminal) ScrollbackLine(i int) string { return plain(t.history.line(i)) }

func (t *midtermTerminal) Close() error { return nil }
