package soak

import (
	"errors"
	"fmt"
	"time"
)

func (c *console) pid() int { return c.child.cmd.Process.Pid }

// drain waits for the rest of the output of a program that has ended, and reports
// whether it has come. What is left of the program's session goes first: it would
// hold the pseudo-terminal open.
func (c *console) drain() bool {
	killSession(c.pid())
	late := time.NewTimer(c.patience)
	defer late.Stop()
	select {
	case <-c.child.read:
		return true
	case <-late.C:
		return false
	}
}

var errHeld = errors.New("its pseudo-terminal is still in use by a process that it has left behind")

// reap gives back what belonged to a program that has ended.
func (c *console) reap() error {
	k := c.child
	var err error
	if !c.drain() {
		err = fmt.Errorf("%s (process %d) has ended: %w", c.program.name, c.pid(), errHeld)
	}
	c.child = nil
	return errors.Join(err, k.pty.Close())
}

// close ends the program, however it is, and the emulator.
func (c *console) close() error {
	var err error
	if c.child != nil {
		_ = c.child.cmd.Process.Kill() // fails for one that has ended
		<-c.child.exited
		err = c.reap()
	}
	c.timer.Stop()
	return errors.Join(err, c.term.Close())
}
