package soak

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// await waits until done says so. It asks after each piece of output, with the
// emulator at rest. What is awaited is named by what.
func (c *console) await(what string, done func() bool) { c.awaitNudging(what, done, nil) }

// nudgeEvery is how long what was missed may be missing before it is said again.
const nudgeEvery = time.Second

// awaitNudging is await with a reminder, for what a program may miss.
func (c *console) awaitNudging(what string, done func() bool, nudge func()) {
	if c.err != nil {
		return
	}
	var again <-chan time.Time
	if nudge != nil {
		t := time.NewTicker(nudgeEvery)
		defer t.Stop()
		again = t.C
	}
	c.timer.Reset(c.patience)
	defer c.timer.Stop()
	granted := 0
	for {
		// Who holds the lock is showing something, and there will be news.
		if c.mu.TryLock() {
			broken := c.broken
			is := broken == nil && done()
			c.mu.Unlock()
			if is {
				return
			}
			if broken != nil {
				c.fail("%w", broken)
				return
			}
		}
		select {
		case <-c.news:
		case <-again:
			nudge()
		case <-c.child.exited:
			c.drain()
			c.fail("waiting for %s: %s (process %d) has ended: %v", what, c.program.name, c.pid(), c.child.cmd.ProcessState)
			return
		case <-c.ctx.Done():
			c.fail("waiting for %s: %w", what, context.Cause(c.ctx))
			return
		case <-c.timer.C:
			// On a machine that is too busy a program may wait for its processor for long.
			if granted < mostGrants && runnable(c.pid()) {
				granted++
				c.timer.Reset(c.patience)
				continue
			}
			c.fail("%s has not come within %v: %s", what, time.Duration(granted+1)*c.patience, c.suspicion())
			return
		}
	}
}

// mostGrants is how often more time is granted to what could run, if it were let.
const mostGrants = 9

// see waits until the screen is as shows says.
func (c *console) see(what string, shows func(screen []string) bool) {
	c.await(what, func() bool { return shows(c.term.Screen()) })
}

// row waits until a row of the screen is text and nothing else.
func (c *console) row(text string) {
	c.see(fmt.Sprintf("a row %q", text), func(screen []string) bool { return lastRow(screen, text) >= 0 })
}

// check holds what is on the screen now to what it must be.
func (c *console) check(what string, right func(screen []string) bool) {
	if c.err != nil {
		return
	}
	c.mu.Lock()
	is := right(c.term.Screen())
	c.mu.Unlock()
	if !is {
		c.fail("%s is not on the screen where it should be", what)
	}
}

// rowAt checks that the row, counted from 0, is text.
func (c *console) rowAt(row int, text string) {
	c.check(fmt.Sprintf("row %d, %q,", row+1, text), func(screen []string) bool {
		return row >= 0 && row < len(screen) && screen[row] == text
	})
}

// lastRow is the last row that is text, or -1.
func lastRow(screen []string, text string) int {
	for i := len(screen) - 1; i >= 0; i-- {
		if screen[i] == text {
			return i
		}
	}
	return -1
}

// fail ends all that the user does, with the screen as it is.
func (c *console) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%w\n%s", fmt.Errorf(format, args...), c.screen())
	}
}

// screen is the text of the screen, for people.
func (c *console) screen() string {
	if !c.mu.TryLock() {
		return "the emulator is still busy with what the program has printed, so there is no screen to show"
	}
	defer c.mu.Unlock()
	text := strings.TrimRight(strings.Join(c.term.Screen(), "\n"), "\n")
	if text == "" {
		return "the screen is empty"
	}
	return "the screen is:\n  | " + strings.ReplaceAll(text, "\n", "\n  | ")
}

// suspicion is why nothing comes from the program, as far as that can be seen.
func (c *console) suspicion() string {
	state := "runs"
	if stopped(c.pid()) {
		state = "is stopped, as by SIGSTOP"
	}
	return fmt.Sprintf("%s (process %d) %s", c.program.name, c.pid(), state)
}

// ended waits until the program has ended by itself, and well.
func (c *console) ended() {
	if c.err != nil {
		return
	}
	c.timer.Reset(c.patience)
	defer c.timer.Stop()
	select {
	case <-c.child.exited:
	case <-c.ctx.Done():
		c.fail("waiting for the end of %s: %w", c.program.name, context.Cause(c.ctx))
		return
	case <-c.timer.C:
		c.fail("the end of %s has not come within %v: %s", c.program.name, c.patience, c.suspicion())
		return
	}
	c.drain()
	if s := c.child.cmd.ProcessState; !s.Success() {
		c.fail("%s (process %d) was to end well, and has ended with: %v", c.program.name, c.pid(), s)
		return
	}
	if err := c.reap(); err != nil {
		c.fail("%w", err)
	}
}
