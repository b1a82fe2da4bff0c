package tui

import (
	"bytes"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/highwater-dev/highwater"
)

const (
	// aroundLine is how many lines of source are kept on both sides of a line.
	aroundLine = 10
	// largestFile is the size in bytes above which a file is not taken for source.
	largestFile = 8 << 20
)

// excerpt is the lines around one, or why there are none.
type excerpt struct {
	first int // number of the first line
	lines []string
	why   string
}

type sourceMsg struct {
	frame   highwater.Frame
	excerpt excerpt
}

// source reads the source around the chosen frame, away from the loop.
func (m *model) source() tea.Cmd {
	stack := m.detail.stack()
	if len(stack) == 0 || m.Source == nil {
		return nil
	}
	f := stack[m.detail.frame]
	if _, known := m.detail.files[f]; known || f.File == "" {
		return nil
	}
	m.detail.files[f] = excerpt{why: "reading " + clean(f.File)}
	read := m.Source
	return func() tea.Msg { return sourceMsg{f, cutOut(read, f)} }
}

func (d *detail) sourceCame(msg sourceMsg) {
	if d.files != nil {
		d.files[msg.frame] = msg.excerpt
	}
}

func cutOut(read func(string) ([]byte, error), f highwater.Frame) excerpt {
	text, err := read(f.File)
	switch {
	case err != nil:
		return excerpt{why: "the source cannot be read: " + clean(err.Error())}
	case len(text) > largestFile:
		return excerpt{why: "the source is too large to be shown: " + size(int64(len(text)))}
	}
	lines := bytes.Split(text, []byte("\n"))
	if f.Line < 1 || f.Line > len(lines) {
		return excerpt{why: fmt.Sprintf("the file has %d lines and no line %d: it is not the one that was built", len(lines), f.Line)}
	}
	e := excerpt{first: max(f.Line-aroundLine, 1)}
	for _, l := range lines[e.first-1 : min(f.Line+aroundLine, len(lines))] {
		e.lines = append(e.lines, clean(strings.ReplaceAll(strings.TrimRight(string(l[:min(len(l), longest)]), "\r"), "\t", "    ")))
	}
	return e
}

// drawSource shows the lines around the chosen frame, its own in the middle.
func (m *model) drawSource(w, h int) block {
	stack := m.detail.stack()
	if len(stack) == 0 {
		return block{}.fill(w, h)
	}
	f := stack[m.detail.frame]
	title := clean(f.File)
	if f.Line > 0 {
		title = fmt.Sprintf("%s:%d", title, f.Line)
	}
	b := block{m.heading(w, middle(title, w-4), "")}
	e, known := m.detail.files[f]
	switch {
	case m.Source == nil, !known && f.File == "":
		e.why = "there is no source to be had"
	}
	if e.why != "" {
		return append(b, m.paragraph(w, inkDim, e.why)...).fill(w, h)
	}
	from := max(min(f.Line-e.first-(h-1)/2, len(e.lines)-(h-1)), 0)
	for i := from; i < min(from+h-1, len(e.lines)); i++ {
		r, sign, k := m.row(w), "  ", inkPlain
		if e.first+i == f.Line {
			sign, k = "> ", inkStrong
		}
		b = append(b, r.put(k, sign).cell(inkDim, fmt.Sprint(e.first+i), 5, true).gap(2).put(k, e.lines[i]).line())
	}
	return b.fill(w, h)
}
