package load_test

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/vito/midterm"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/load"
)

// tinyServer is a server of one's own: all that it does is to keep a screen for
// each session. It has neither a queue nor a goroutine, and the suite does not
// mind.
type tinyServer struct{}

func (tinyServer) Open(cols, rows int, client io.Writer) (load.Session, error) {
	term := midterm.NewTerminal(rows, cols)
	term.Raw = true
	return &tinySession{Terminal: term, client: client}, nil
}

func (tinyServer) Close() error { return nil }

type tinySession struct {
	*midterm.Terminal
	client  io.Writer
	crashed error
}

// Write keeps the end of a session that crashes to that session.
func (s *tinySession) Write(p []byte) (int, error) {
	return len(p), s.guard(func() { _, _ = s.Terminal.Write(p) })
}

func (s *tinySession) Resize(cols, rows int) error {
	return s.guard(func() { s.Terminal.Resize(rows, cols) })
}

func (s *tinySession) guard(f func()) error {
	defer func() {
		if r := recover(); r != nil {
			s.crashed = fmt.Errorf("%w: %v", load.ErrCrashed, r)
		}
	}()
	if s.crashed == nil {
		f()
	}
	return s.crashed
}

// Sync draws a frame: a Write has done all its work when it returns.
func (s *tinySession) Sync() error {
	if s.client == nil || s.crashed != nil {
		return s.crashed
	}
	_, err := io.WriteString(s.client, "\x1b[H"+strings.Join(s.Screen(), "\r\n"))
	return err
}

func (s *tinySession) Screen() []string {
	rows := make([]string, s.Height)
	for i, row := range s.Content {
		rows[i] = strings.TrimRight(string(row), " ")
	}
	return rows
}

func (s *tinySession) Close() error { return nil }

// The suite run once over a server of one's own, without measuring: does it do
// its work? Package memtest runs the same scenarios measured, inside go test:
// memtest.RunSuite(t, load.Suite(mine)).
func ExampleSuite() {
	mine := load.Engine{
		Name: "mine",
		New:  func() (load.Server, error) { return tinyServer{}, nil },
	}
	for _, s := range load.Suite(mine).Scenarios {
		err := s.Execute(context.Background(), highwater.PassNatural, &recorder{})
		fmt.Println(s.ID(), err)
	}
	// Output:
	// load_testing/concurrent_sessions@mine <nil>
	// load_testing/high_frequency_updates@mine <nil>
	// load_testing/session_churn@mine <nil>
	// load_testing/ansi_stress@mine <nil>
	// load_testing/memory_pressure@mine <nil>
	// load_testing/mixed_stress@mine <nil>
}
