package script

import (
	"fmt"
	"io"

	"github.com/highwater-dev/highwater/suites/internal/ansi"
	"github.com/highwater-dev/highwater/suites/terminal/internal/asciicast"
)

// Step is one thing done to a terminal: a change of size, where Cols is not 0,
// and then output.
type Step struct {
	Cols, Rows int
	Output     []byte
}

// Screen is the part of a terminal that steps are done to.
type Screen interface {
	io.Writer
	Resize(cols, rows int) error
}

// Do does the step.
func (s Step) Do(t Screen) error {
	if s.Cols != 0 {
		if err := t.Resize(s.Cols, s.Rows); err != nil {
			return fmt.Errorf("resize to %dx%d: %w", s.Cols, s.Rows, err)
		}
	}
	if len(s.Output) == 0 {
		return nil
	}
	n, err := t.Write(s.Output)
	if err == nil && n < len(s.Output) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("write of %d bytes: %w", len(s.Output), err)
	}
	return nil
}

// Steps cuts output into n steps.
func Steps(output []byte, n int) []Step {
	steps := make([]Step, n)
	for i, piece := range ansi.Split(output, n) {
		steps[i].Output = piece
	}
	return steps
}

// Output returns what a recording printed from its event at index from up to
// (not including) the one at index to.
func Output(rec *asciicast.Recording, from, to int) []byte {
	var p []byte
	for _, e := range rec.Events[from:to] {
		if e.Kind == asciicast.Output {
			p = append(p, e.Data...)
		}
	}
	return p
}

// Mark returns the index of the marker with that label.
func Mark(rec *asciicast.Recording, label string) (int, error) {
	for i, e := range rec.Events {
		if e.Kind == asciicast.Marker && e.Data == label {
			return i, nil
		}
	}
	return 0, fmt.Errorf("recording %q has no marker %q", rec.Title, label)
}

// FirstResize returns the index of the first change of size, or that past the
// last event where there is none.
func FirstResize(rec *asciicast.Recording) int {
	for i, e := range rec.Events {
		if e.Kind == asciicast.Resize {
			return i
		}
	}
	return len(rec.Events)
}

// Resizes returns a step for each change of size in the recording, with the
// output from there to the next one, up to the event at index to.
func Resizes(rec *asciicast.Recording, to int) []Step {
	var steps []Step
	for _, e := range rec.Events[:to] {
		switch {
		case e.Kind == asciicast.Resize:
			steps = append(steps, Step{Cols: e.Cols, Rows: e.Rows})
		case e.Kind == asciicast.Output && len(steps) > 0:
			last := &steps[len(steps)-1]
			last.Output = append(last.Output, e.Data...)
		}
	}
	return steps
}
