package terminal

import (
	"bytes"

	"github.com/highwater-dev/highwater/suites/terminal/internal/script"
	"github.com/highwater-dev/highwater/suites/terminal/internal/textgen"
)

// workload is what one scenario does to the sessions of one size.
type workload struct {
	prelude []script.Step // once, before the measured loop
	cycle   []script.Step // over and over; the screen after it is always the same
	closing []script.Step // once, when the loop has come to the end of a cycle
}

// scenario describes one of the suite's scenarios.
type scenario struct {
	name, doc string
	ops       int   // a whole number of cycles
	level     Level // to which all engines are held
	draw      bool  // draw a frame after every step
	workload  func(at size) (workload, error)
}

// The number of steps of a cycle is the same at all sizes, so that one operation
// is one step of each session.
var scenarios = []scenario{
	{
		name: "buffer_fill", ops: 24,
		doc:      "a coloured character in every cell, over and over: the most that a screen can be made to hold",
		workload: bufferFill,
	},
	{
		name: "ansi_processing", ops: 48,
		doc:      "text with SGR sequences: a session of bash, a coloured log, and less",
		workload: ansiProcessing,
	},
	{
		name: "cursor_operations", ops: 60,
		doc:      "full-screen editing in vim, nvim and mc: cursor addressing, scroll regions, inserted and deleted lines",
		workload: cursorOperations,
	},
	{
		name: "render_frames", ops: 40, draw: true,
		doc:      "a frame drawn of the screen after every piece of htop, nvim and mc sessions",
		workload: renderFrames,
	},
	{
		name: "scrollback", ops: 48,
		doc:      "plain and coloured logs through a full scrollback of 1,000 lines",
		workload: scrollback,
	},
	{
		name: "resize_storm", ops: 24,
		doc:      "changes of size with vim redrawing after each",
		workload: resizeStorm,
	},
	{
		name: "unicode_wide", ops: 48, level: LevelRunes,
		doc:      "a log of wide characters, combining marks and emoji",
		workload: unicodeWide,
	},
	{
		name: "alternate_screen", ops: 40,
		doc:      "full-screen programs started and left above a log: mc, vim, less, htop and nvim",
		workload: alternateScreen,
	},
}

// Scenarios returns the names of the suite's scenarios.
func Scenarios() []string {
	var names []string
	for _, s := range scenarios {
		names = append(names, s.name)
	}
	return names
}

func bufferFill(at size) (workload, error) {
	g := textgen.New(1)
	var p []byte
	for range 2 {
		p = append(p, g.Cells(at.cols, at.rows)...)
	}
	return workload{cycle: script.Steps(p, 24)}, nil
}

func ansiProcessing(at size) (workload, error) {
	p, err := visit("bash", at)
	if err != nil {
		return workload{}, err
	}
	last, err := stay("less", at)
	p = append(p, textgen.New(2).ColorLog(200)...)
	return workload{cycle: script.Steps(p, 48), closing: script.Steps(last, 1)}, err
}

func cursorOperations(at size) (workload, error) {
	g := textgen.New(3)
	p, err := mcAndLog(at, g)
	if err != nil {
		return workload{}, err
	}
	more, err := visits(at, "vim", "nvim")
	if err != nil {
		return workload{}, err
	}
	last, err := stay("vim", at)
	return workload{cycle: script.Steps(append(p, more...), 60), closing: script.Steps(last, 1)}, err
}

func renderFrames(at size) (workload, error) {
	p, err := mcAndLog(at, textgen.New(4))
	if err != nil {
		return workload{}, err
	}
	more, err := visits(at, "htop", "nvim")
	if err != nil {
		return workload{}, err
	}
	last, err := stay("mc", at)
	return workload{cycle: script.Steps(append(p, more...), 40), closing: script.Steps(last, 1)}, err
}

// scrollback begins with a full scrollback. What filled it is the cycle itself,
// four times, so that after any number of cycles the same lines are in it.
func scrollback(size) (workload, error) {
	g := textgen.New(5)
	p := append(g.Log(135), g.ColorLog(135)...)
	return workload{
		prelude: script.Steps(bytes.Repeat(p, 4), 1),
		cycle:   script.Steps(p, 48),
	}, nil
}

// resizeStorm begins with vim at work; a cycle goes through eight sizes, and the
// last is the first. After each vim clears the screen and draws it anew.
func resizeStorm(at size) (workload, error) {
	rec, err := recording("vimresize", at)
	if err != nil {
		return workload{}, err
	}
	quit, err := script.Mark(rec, "quit")
	if err != nil {
		return workload{}, err
	}
	start := script.Output(rec, 0, script.FirstResize(rec))
	return workload{
		prelude: script.Steps(append(textgen.New(6).Log(150), start...), 1),
		cycle:   script.Resizes(rec, quit),
	}, nil
}

// unicodeWide begins with a full scrollback, too.
func unicodeWide(at size) (workload, error) {
	g := textgen.New(7)
	return workload{
		prelude: script.Steps(g.WideLog(scrollbackLines+at.rows, at.cols), 1),
		cycle:   script.Steps(g.WideLog(240, at.cols), 48),
	}, nil
}

// mcAndLog is a visit to mc and then enough lines to fill any of the screens.
// Alone of the programs, mc leaves a line on the main screen when it is left;
// with the lines after it a cycle ends as the one before.
func mcAndLog(at size, g *textgen.Generator) ([]byte, error) {
	p, err := visit("mc", at)
	return append(p, g.Log(70)...), err
}

// alternateScreen leaves each program again, so that the screen after a cycle
// must be the log from before.
func alternateScreen(at size) (workload, error) {
	g := textgen.New(8)
	w := workload{prelude: script.Steps(g.Log(200), 1)}
	p, err := mcAndLog(at, g)
	if err != nil {
		return workload{}, err
	}
	w.cycle = script.Steps(p, 8)
	for _, program := range []string{"vim", "less", "htop", "nvim"} {
		if p, err = visit(program, at); err != nil {
			return workload{}, err
		}
		w.cycle = append(w.cycle, script.Steps(p, 8)...)
	}
	last, err := stay("htop", at)
	w.closing = script.Steps(last, 1)
	return w, err
}
