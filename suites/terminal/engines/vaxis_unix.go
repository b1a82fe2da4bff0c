//go:build unix

package engines

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"git.sr.ht/~rockorager/vaxis"
	"git.sr.ht/~rockorager/vaxis/widgets/term"

	"github.com/highwater-dev/highwater/suites/internal/ansi"
	"github.com/highwater-dev/highwater/suites/terminal"
)

const (
	// vaxisPiece bounds what is in the pseudo-terminal at a time, so that it is
	// read in one go: the kernel passes up to 1,792 bytes on in one piece, and a
	// read that ended within a sequence would give the parser time to err.
	vaxisPiece = 1500
	// vaxisPatience is how long the widget may take over one piece.
	vaxisPatience = 30 * time.Second
)

type vaxisTerminal struct {
	vt     *term.Model
	child  *exec.Cmd
	feed   *os.File // the child's standard input
	bells  chan struct{}
	closed chan struct{}
}

func newVaxisTerminal(cols, rows int) (terminal.Terminal, error) {
	input, feed, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("vaxis: %w", err)
	}
	defer input.Close()
	t := &vaxisTerminal{vt: term.New(), feed: feed, bells: make(chan struct{}, 1), closed: make(chan struct{})}
	// The terminal is the child's standard output. It must not turn LF into
	// CR LF once more; the child begins to read when that is so.
	t.child = exec.Command("sh", "-c", "stty raw -echo <&1 && exec cat")
	t.child.Stdin = input
	t.vt.Attach(t.event)
	if err := t.vt.StartWithSize(t.child, cols, rows); err != nil {
		feed.Close()
		return nil, fmt.Errorf("vaxis: starting sh, stty and cat on a pseudo-terminal: %w", err)
	}
	return t, nil
}

// event is called from the widget's goroutine.
func (t *vaxisTerminal) event(e vaxis.Event) {
	switch e.(type) {
	case term.EventBell:
		t.bells <- struct{}{}
	case term.EventClosed:
		close(t.closed)
	}
}

// Write passes p on in pieces. After each it rings the bell, and waits for the
// widget to say that it has come to it. A bell is one character, so it cannot be
// torn; those in p are waited for as well.
func (t *vaxisTerminal) Write(p []byte) (int, error) {
	patience := time.NewTimer(vaxisPatience)
	defer patience.Stop()
	for done := 0; done < len(p); {
		end := done + ansi.Boundary(p[done:], vaxisPiece)
		const bell = "\a"
		piece := string(p[done:end]) + bell
		if _, err := t.feed.WriteString(piece); err != nil {
			return done, fmt.Errorf("vaxis: %w", err)
		}
		for range strings.Count(ansi.Text(piece), bell) {
			select {
			case <-t.bells:
			case <-t.closed:
				return done, errors.New("vaxis: the widget has stopped")
			case <-patience.C:
				return done, fmt.Errorf("vaxis: the widget has not got through %d bytes in %v", end-done, vaxisPatience)
			}
		}
		done = end
	}
	return len(p), nil
}

func (t *vaxisTerminal) Resize(cols, rows int) error {
	t.vt.Resize(cols, rows)
	return nil
}

func (t *vaxisTerminal) Screen() []string {
	rows := strings.Split(t.vt.String(), "\n")
	for i, row := range rows {
		rows[i] = strings.TrimRight(row, " ")
	}
	return rows
}

// Close lets the child end by itself and waits until the widget has noticed:
// the widget's own Close would wait for the child at the same time as its
// reading goroutine does.
func (t *vaxisTerminal) Close() error {
	if err := t.feed.Close(); err != nil {
		return fmt.Errorf("vaxis: %w", err)
	}
	patience := time.NewTimer(vaxisPatience)
	defer patience.Stop()
	var err error
	select {
	case <-t.closed:
	case <-patience.C:
		err = errors.New("vaxis: the child has not ended with its input; it was killed")
	}
	t.vt.Close()
	return err
}
