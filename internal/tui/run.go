package tui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

const (
	// framesASecond bounds how often the terminal is written to, and thus how late a key
	// is seen. Each turn costs a little even when nothing has changed.
	framesASecond = 10
	// patience is how long a look that is under way is waited for at the end.
	patience = time.Second
)

// Run shows the dashboard until the user quits, ctx ends, or the process is told to
// terminate; none of these is an error. The terminal is as it was before, also after a
// panic, which is reported as an error.
//
// When a look does not come back after its context has ended, Run does not wait for it
// longer than a second.
func Run(ctx context.Context, o Options) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	m := newModel(inner, o)
	// The first frame is made before Bubble Tea tells of the colours.
	m.update(tea.ColorProfileMsg{Profile: colorprofile.Detect(o.Out, o.Environ)})
	s := &screen{out: o.Out, every: time.Second / framesASecond}
	_, err := tea.NewProgram(program{m, s},
		tea.WithContext(ctx),
		tea.WithInput(o.In),
		tea.WithOutput(s.writer()),
		tea.WithEnvironment(o.Environ),
		tea.WithFPS(framesASecond),
		tea.WithColorProfile(m.profile),
	).Run()
	cancel()
	m.watch.wait(patience)
	switch {
	case err == nil, errors.Is(err, tea.ErrInterrupted):
		return nil
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("the dashboard has a bug, and what it printed says where: %w", err)
	case ctx.Err() != nil:
		return nil
	}
	return fmt.Errorf("showing the dashboard: %w", err)
}
