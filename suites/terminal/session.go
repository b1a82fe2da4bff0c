package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater/suites/internal/ansi"
	"github.com/highwater-dev/highwater/suites/terminal/internal/script"
)

// session is a terminal at work.
type session struct {
	term     Terminal
	size     size
	work     workload
	expected expectation
	level    Level // to which its screens are held
	draw     bool
	frame    bytes.Buffer // the last frame drawn
}

func open(s scenario, e Engine, at size, in *input) (*session, error) {
	term, err := e.New(at.cols, at.rows, scrollbackLines)
	if err != nil {
		return nil, fmt.Errorf("%s at %s: %w", e.Name, at, err)
	}
	return &session{
		term: term, size: at, work: in.workloads[at], expected: in.expected[at],
		level: e.level(s.name, s.level), draw: s.draw,
	}, nil
}

func (s *session) prelude() error { return s.all("prelude", s.work.prelude) }

// step does step n of the cycle.
func (s *session) step(n int) error {
	if err := s.do(s.work.cycle[n]); err != nil {
		return fmt.Errorf("step %d of the cycle: %w", n+1, err)
	}
	return nil
}

func (s *session) all(part string, steps []script.Step) error {
	for n, step := range steps {
		if err := s.do(step); err != nil {
			return fmt.Errorf("step %d of the %s: %w", n+1, part, err)
		}
	}
	return nil
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

// expectation is what tmux shows.
type expectation struct {
	cycle   []string // after a cycle
	closing []string // after the closing steps
	history []string // above the screen after a cycle, in the scrollback scenario
}

func (s scenario) referenceName(at size, part string) string {
	return strings.TrimSuffix(s.name+"-"+at.String()+"-"+part, "-")
}

// errNoReference is what a change of the input leads to.
var errNoReference = errors.New("the reference screens from tmux are missing or of another input; make them with go test ./suites/terminal -update")

func (s scenario) expectation(at size, w workload) (expectation, error) {
	var e expectation
	var errs [3]error
	e.cycle, errs[0] = reference(s.referenceName(at, ""))
	e.closing, errs[1] = reference(s.referenceName(at, "closing"))
	history, err := references(s.referenceName(at, "history"))
	errs[2] = err
	if len(history) > 0 {
		e.history = history[0]
	}
	err = errors.Join(errs[:]...)
	if err == nil && (len(e.cycle) != at.rows || len(w.closing) > 0 && len(e.closing) != at.rows) {
		err = errNoReference
	}
	return e, err
}

// compare holds the session to what tmux shows at the end of a cycle.
func (s *session) compare() error {
	if err := s.compareScreen("at the end of the loop", s.expected.cycle); err != nil {
		return err
	}
	kept, ok := s.term.(Scrollbacker)
	if s.expected.history == nil || !ok {
		return nil
	}
	lines := make([]string, kept.Scrollback())
	for i := range lines {
		lines[i] = kept.ScrollbackLine(i)
	}
	if err := compareRows(s.level, s.expected.history, lines); err != nil {
		return fmt.Errorf("the scrollback is not tmux's: %w", err)
	}
	return nil
}

// verify does one more cycle and the closing steps and holds every screen on the
// way to tmux's, so that output which is dropped is noticed also where a program
// draws over it later.
func (s *session) verify(of scenario) error {
	screens, err := references(of.referenceName(s.size, "steps"))
	if err != nil {
		return err
	}
	if len(screens) != len(s.work.cycle) {
		return errNoReference
	}
	for n, want := range screens {
		if err := s.step(n); err != nil {
			return err
		}
		if err := s.compareScreen(fmt.Sprintf("after step %d of the cycle", n+1), want); err != nil {
			return err
		}
	}
	if len(s.work.closing) == 0 {
		return nil
	}
	if err := s.all("closing", s.work.closing); err != nil {
		return err
	}
	return s.compareScreen("after the closing steps", s.expected.closing)
}

func (s *session) compareScreen(when string, want []string) error {
	if err := compareRows(s.level, want, s.term.Screen()); err != nil {
		return fmt.Errorf("the screen %s is not the one in tmux: %w", when, err)
	}
	if !s.draw {
		return nil
	}
	text := strings.ReplaceAll(ansi.Text(s.frame.String()), "\r", "")
	if err := compareRows(max(s.level, LevelRunes), want, strings.Split(strings.TrimSuffix(text, "\n"), "\n")); err != nil {
		return fmt.Errorf("the frame %s does not show tmux's screen: %w", when, err)
	}
	return nil
}
