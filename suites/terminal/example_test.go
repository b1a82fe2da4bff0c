package terminal_test

import (
	"context"
	"fmt"

	"github.com/vito/midterm"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/terminal"
)

// screen puts an emulator of one's own behind the interface. It neither draws
// nor keeps scrollback; the suite measures what there is.
type screen struct{ *midterm.Terminal }

func (s screen) Resize(cols, rows int) error {
	s.Terminal.Resize(rows, cols)
	return nil
}

func (s screen) Screen() []string {
	rows := make([]string, s.Height)
	for i, row := range s.Content {
		end := len(row)
		for end > 0 && row[end-1] == ' ' {
			end--
		}
		rows[i] = string(row[:end])
	}
	return rows
}

func (s screen) Close() error { return nil }

// The suite run once over an emulator of one's own, without measuring: do its
// screens agree with tmux's? Package memtest runs the same scenarios measured,
// inside go test: memtest.RunSuite(t, terminal.Suite(mine)).
func ExampleSuite() {
	mine := terminal.Engine{
		Name: "mine",
		New: func(cols, rows, _ int) (terminal.Terminal, error) {
			t := midterm.NewTerminal(rows, cols)
			t.Raw = true
			return screen{t}, nil
		},
	}
	for _, s := range terminal.Suite(mine).Scenarios {
		err := s.Execute(context.Background(), highwater.PassNatural, &recorder{})
		fmt.Println(s.ID(), err)
	}
	// Output:
	// terminal_operations/buffer_fill@mine <nil>
	// terminal_operations/ansi_processing@mine <nil>
	// terminal_operations/cursor_operations@mine <nil>
	// terminal_operations/render_frames@mine <nil>
	// terminal_operations/scrollback@mine <nil>
	// terminal_operations/resize_storm@mine <nil>
	// terminal_operations/unicode_wide@mine <nil>
	// terminal_operations/alternate_screen@mine <nil>
}
