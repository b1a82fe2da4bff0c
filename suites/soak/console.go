package soak

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/creack/pty"

	"github.com/highwater-dev/highwater/suites/internal/ansi"
	"github.com/highwater-dev/highwater/suites/terminal"
)

// console is a pseudo-terminal with an emulator at one end and a program at the
// other. The program may be started anew; the emulator stays.
//
// The first error is kept, and all that follows it does nothing: a round reads as
// what a user does, and is looked at when it is over.
type console struct {
	ctx      context.Context
	engine   Engine
	program  program
	path     string
	home     string
	patience time.Duration
	timer    *time.Timer
	err      error

	child *child // nil while no program runs
	steps int    // typed so far
	news  chan struct{}
	buf   []byte // what was read, and not shown yet

	// mu guards what the reading goroutine uses, too. Whoever waits does not wait
	// for it: an emulator that never returns holds it.
	mu     sync.Mutex
	term   terminal.Terminal
	listen func(p []byte) // is given all that is shown; may be nil
	broken error          // of the emulator
}

// child is a program at work.
type child struct {
	cmd    *exec.Cmd
	pty    *os.File
	read   chan struct{} // closed when there is no more output
	exited chan struct{} // closed when it has ended and was waited for
}

// open makes the console. What it returns is to be closed, also with an error.
func open(ctx context.Context, e Engine, p program, path string, home func() (string, error)) (*console, error) {
	dir, err := home()
	if err != nil {
		return nil, err
	}
	term, err := e.New(cols, rows, scrollbackLines)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.Name, err)
	}
	return &console{
		ctx: ctx, engine: e, program: p, path: path, home: dir, patience: e.patience(), term: term,
		timer: time.NewTimer(e.patience()), news: make(chan struct{}, 1), buf: make([]byte, 32<<10),
	}, nil
}

// start starts the program, at the size that the console has at first.
func (c *console) start() {
	if c.err != nil {
		return
	}
	k := &child{cmd: c.program.command(c.path, c.home), read: make(chan struct{}), exited: make(chan struct{})}
	if k.pty, c.err = pty.StartWithSize(k.cmd, &pty.Winsize{Cols: cols, Rows: rows}); c.err != nil {
		c.err = fmt.Errorf("starting %s in a pseudo-terminal: %w", c.program.name, c.err)
		return
	}
	c.child = k
	go func() {
		defer close(k.exited)
		_ = k.cmd.Wait() // what it says is in the process's state
	}()
	go func() {
		defer close(k.read)
		c.copy(k.pty)
	}()
}

// copy shows the program's output until its end, which a pseudo-terminal reports as
// an input/output error. A sequence of which only a part was read waits for the
// rest, as long as there is room.
func (c *console) copy(from *os.File) {
	held := 0
	for {
		n, err := from.Read(c.buf[held:])
		held += n
		end := ansi.Complete(c.buf[:held])
		if err != nil || end == 0 && held == len(c.buf) {
			end = held
		}
		if end > 0 {
			c.show(c.buf[:end])
			held = copy(c.buf, c.buf[end:held])
		}
		if err != nil {
			return
		}
	}
}

func (c *console) show(p []byte) {
	c.mu.Lock()
	if c.listen != nil {
		c.listen(p)
	}
	n, err := c.term.Write(p)
	if err == nil && n < len(p) {
		err = fmt.Errorf("%d of %d bytes written", n, len(p))
	}
	if err != nil && c.broken == nil {
		c.broken = fmt.Errorf("write to the terminal: %w", err)
	}
	c.mu.Unlock()
	select {
	case c.news <- struct{}{}:
	default:
	}
}

// keys types.
func (c *console) keys(text string) {
	if c.err != nil {
		return
	}
	if _, err := c.child.pty.WriteString(text); err != nil {
		c.err = fmt.Errorf("typing %q: %w", text, err)
	}
}

// resize changes the size of the window; the kernel tells the program.
func (c *console) resize(cols, rows int) {
	if c.err != nil {
		return
	}
	c.mu.Lock()
	err := c.term.Resize(cols, rows)
	c.mu.Unlock()
	if err == nil {
		err = pty.Setsize(c.child.pty, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)})
	}
	if err != nil {
		c.err = fmt.Errorf("resize to %dx%d: %w", cols, rows, err)
	}
}
