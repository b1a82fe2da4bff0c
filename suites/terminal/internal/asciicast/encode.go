package asciicast

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"unicode/utf8"
)

// Writer writes a recording in format 2 as it happens.
type Writer struct {
	w    io.Writer
	held []byte // the beginning of a character whose end is yet to come
}

// NewWriter writes the header and returns the writer for the events.
func NewWriter(w io.Writer, title string, cols, rows int) (*Writer, error) {
	h := header{Version: 2, Width: cols, Height: rows, Title: title, Env: map[string]string{"TERM": "xterm-256color"}}
	line, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(w, "%s\n", line)
	return &Writer{w: w}, err
}

// Output writes what the program printed, at seconds since the start. A
// character that is cut off at the end waits for the next call, since JSON
// cannot carry a part of one.
func (w *Writer) Output(seconds float64, p []byte) error {
	w.held = append(w.held, p...)
	whole := len(w.held)
	for i := 1; i <= min(utf8.UTFMax-1, len(w.held)); i++ {
		tail := w.held[len(w.held)-i:]
		if utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				whole -= i
			}
			break
		}
	}
	if whole == 0 {
		return nil
	}
	text := string(w.held[:whole])
	w.held = append(w.held[:0], w.held[whole:]...)
	return w.event(seconds, Output, text)
}

// Marker writes a label.
func (w *Writer) Marker(seconds float64, label string) error {
	return w.event(seconds, Marker, label)
}

// Resize writes a change of size.
func (w *Writer) Resize(seconds float64, cols, rows int) error {
	return w.event(seconds, Resize, fmt.Sprintf("%dx%d", cols, rows))
}

func (w *Writer) event(seconds float64, kind Kind, data string) error {
	line, err := json.Marshal([]any{math.Round(seconds*1e3) / 1e3, kind, data})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.w, "%s\n", line)
	return err
}
