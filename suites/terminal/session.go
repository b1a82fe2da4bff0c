package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater/suites/terminal/internal/script"
)

// session is a terminal at work.
type session struct {
	term  Terminal
	size  size
	level Level // to which its screens are held
	name  string
	draw  bool
	frame bytes.Buffer // the last frame drawn
}

func open(s scenario, e Engine, at size) (*session, error) {
	term, err := e.New(at.cols, at.rows, scrollbackLines)
	if err != nil {
		return nil, fmt.Errorf("%s at %s: %w", e.Name, at, err)
	}
	return &session{term: term, size: at, level: e.level(s.name, s.level), name: e.Name, draw: s.draw}, nil
}

func (s *session) do(step script.Step) error {
	if err := step.Do(s.term); err != nil {
		return err
	}
	if !s.draw {
		return nil
	}
	s.frame.Reset()
	if r, ok := s.term.(Renderer); ok {
		if err := r.Render(&s.frame); err != nil {
			return fmt.Errorf("drawing a frame: %w", err)
		}
		return nil
	}
	for _, row := range s.term.Screen() {
		s.frame.WriteString(row)
		s.frame.WriteString("\r\n")
	}
	return nil
}

// expectation is what tmux shows: after a cycle, and after the closing steps.
type expectation struct {
	cycle, closing []string
	history        []string // after a cycle, in the scrollback scenario
}

func (s scenario) referenceName(at size, part string) string {
	name := s.name + "-" + at.String()
	if part != "" {
		name += "-" + part
	}
	return name
}

func (s scenario) expectation(at size, w workload) (expectation, error) {
	var e expectation
	var errs [3]error
	e.cycle, errs[0] = reference(s.referenceName(at, ""))
	e.closing, errs[1] = reference(s.referenceName(at, "closing"))
	e.history, errs[2] = reference(s.referenceName(at, "history"))
	err := errors.Join(errs[:]...)
	if err == nil && (len(e.cycle) != at.rows || len(w.closing) > 0 && len(e.closing) != at.rows) {
		err = errors.New("the reference screens from tmux are missing or of another size; make them with go test ./suites/terminal -update")
	}
	return e, err
}

// compare holds the session to what tmux shows at this point.
func (s *session) compare(e expectation, closing bool) error {
	want, when := e.cycle, "at the end of the loop"
	if closing {
		want, when = e.closing, "after the closing steps"
	}
	if want == nil {
		return nil
	}
	if err := compareRows(s.level, want, s.term.Screen()); err != nil {
		return fmt.Errorf("%s at %s: the screen %s is not the one in tmux: %w", s.name, s.size, when, err)
	}
	if s.draw {
		rows := strings.Split(strings.TrimSuffix(strings.ReplaceAll(script.Text(s.frame.String()), "\r", ""), "\n"), "\n")
		if err := compareRows(max(s.level, LevelRunes), want, rows); err != nil {
			return fmt.Errorf("%s at %s: the frame %s does not show tmux's screen: %w", s.name, s.size, when, err)
		}
	}
	kept, ok := s.term.(Scrollbacker)
	if closing || e.history == nil || !ok {
		return nil
	}
	lines := make([]string, kept.Scrollback())
	for i := range lines {
		lines[i] = kept.ScrollbackLine(i)
	}
	if err := compareRows(s.level, e.history, lines); err != nil {
		return fmt.Errorf("%s at %s: the scrollback is not tmux's: %w", s.name, s.size, err)
	}
	return nil
}
