package driver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
	"github.com/highwater-dev/highwater/internal/live"
	"github.com/highwater-dev/highwater/internal/report"
)

const (
	// probeAnswers is how long the probe in a process may take to answer: it may be
	// starved, or stopped.
	probeAnswers = 10 * time.Second
	// mostFailedLooks is how many looks in a row may fail.
	mostFailedLooks = 3
	mostSource      = 16 << 20
)

// looks takes a look at intervals until the time is over, ctx ends or the process does,
// and gives each to do. What keeps it from going on is in the error; a process that has
// ended is none: do is given the last picture with how it ended. That nothing was seen in
// all the time is one: nothing passes for lack of data.
func (l *looked) looks(ctx context.Context, o *profilerOptions, full bool, do func(highwater.Snapshot) error) error {
	begun := time.Now()
	next := begun
	var last highwater.Snapshot
	failed, told, seen := 0, false, false
	for n := 0; ; n++ {
		s, err := l.Look(ctx, full)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			failed, last, seen = 0, s, true
			if err := do(s); err != nil {
				return err
			}
		case errors.Is(err, attach.ErrGone):
			last.At, last.Ended = time.Now(), l.ending(err)
			if !seen {
				return err
			}
			return do(last)
		default:
			if failed++; failed == mostFailedLooks {
				return fmt.Errorf("%d looks in a row failed, the last one: %w", failed, err)
			}
		}
		next = next.Add(o.interval)
		rest := l.rest()
		if o.spare == nil || rest <= o.interval {
			rest = 0
		} else if !told && n > 2 { // the first few are nearer to each other
			told = true
			o.spare(rest, last.PID)
		}
		now := time.Now()
		if then := now.Add(rest); rest > 0 && then.After(next) {
			next = then
		}
		over := false
		if end := begun.Add(o.duration); o.duration > 0 && (next.After(end) || !now.Before(end)) {
			// One that is spared is looked at once more: what it has come to.
			over, next = rest == 0 || !now.Before(end), end
		}
		switch {
		case over && !seen:
			return err
		case over:
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Until(next)):
		}
	}
}

// ending says how the process ended.
func (l *looked) ending(err error) string {
	if l.how == nil {
		return err.Error()
	}
	return l.how()
}

// follow writes a block of text, or a line of JSON, an interval.
func (a *app) follow(ctx context.Context, o *profilerOptions, l *looked, out io.Writer) (int, error) {
	var h live.History
	write := report.LookText
	if o.format == "json" {
		write = report.LookJSON
	}
	if o.ours {
		o.spare = func(rest time.Duration, pid int) {
			other := ""
			if pid != 0 {
				other = fmt.Sprintf(", and --pid %d costs it nothing where its memory can be read", pid)
			}
			a.warn("looking costs the process something, so there is a look every %v, not every %v, which takes less than 1 %% of its time; --interval %v looks as often all the same%s",
				rest.Round(100*time.Millisecond), o.interval, o.interval, other)
		}
	}
	err := l.looks(ctx, o, false, func(s highwater.Snapshot) error {
		h.Add(s)
		return write(out, h.View(), o.shown)
	})
	a.tellOutput(o, l)
	return exitOf(err), err
}

func exitOf(err error) int {
	if err != nil {
		return highwater.ExitError
	}
	return highwater.ExitOK
}

// tellOutput says where what a program printed is.
func (a *app) tellOutput(o *profilerOptions, l *looked) {
	if l.output != nil && !o.quiet && !l.told {
		if info, err := os.Stat(l.output.Name()); err == nil && info.Size() > 0 {
			fmt.Fprintf(a.Stderr, "%s: what the program printed is in %s\n", a.Name, l.output.Name())
		}
	}
}
