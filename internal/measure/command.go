package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

// What ends the use of a process, as the cause of a context's end.
var (
	errEnded = errors.New("it has ended")
	errTime  = errors.New("its time is over")
)

// command measures one process of a command, with all that it starts, from
// outside.
func command(ctx context.Context, j job, o Options, limits target.Limits) (target.Exit, highwater.Outcome) {
	d := target.Drive{}
	if j.target.Drive != nil {
		d = *j.target.Drive
	}
	stop := make(chan struct{})
	limits.Stop, limits.Tree, limits.WaitTree = stop, true, d.WaitTree
	if o.Output != nil && j.repeat == 0 {
		limits.Output = o.Output
	}
	var waiting *target.Waiting
	if d.Ready != nil {
		waiting = d.Ready.Watch()
		waiting.Next = limits.Output
		limits.Output = waiting
	}
	alive, over := context.WithCancelCause(ctx)
	defer over(nil)
	exit := make(chan target.Exit, 1)
	go func() {
		e := target.Launch(ctx, j.target.Path, j.target.Args, append(os.Environ(), j.target.Env...), j.target.Dir, limits)
		exit <- e
		over(errEnded)
	}()
	err := use(alive, d, waiting)
	close(stop)
	e := <-exit
	return e, commandOutcome(e, err, d, limits)
}

// use waits until a process has been used as it is to be. An error says why it
// could not be.
func use(alive context.Context, d target.Drive, waiting *target.Waiting) error {
	if waiting != nil {
		limit := d.ReadyTimeout
		if limit == 0 {
			limit = target.DefaultReadyTimeout
		}
		late := fmt.Errorf("it was not ready within %v", limit)
		ctx, cancel := context.WithTimeoutCause(alive, limit, late)
		err := waiting.Wait(ctx)
		cancel()
		if err != nil {
			return fmt.Errorf("waiting for it to be ready: %w", err)
		}
	}
	ctx := alive
	if d.Duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(alive, d.Duration, errTime)
		defer cancel()
	}
	if d.Load == "" {
		<-ctx.Done()
		return nil
	}
	err := target.Load(ctx, d.Load, nil, "", nil)
	switch {
	case err == nil || errors.Is(err, errTime):
		return nil
	case errors.Is(err, errEnded):
		return errors.New("it ended before the load had ended")
	}
	// A load fails when what it works on has ended, and may be the first to know.
	select {
	case <-alive.Done():
		return fmt.Errorf("it ended while the load was running, which then failed: %w", err)
	case <-time.After(settle):
		return fmt.Errorf("the load failed: %w", err)
	}
}

// settle is how long the end of a process may take to become known.
const settle = 500 * time.Millisecond

// commandOutcome says how a command ended, and whether that is how it was to.
func commandOutcome(e target.Exit, used error, d target.Drive, l target.Limits) highwater.Outcome {
	o := highwater.Outcome{Stderr: e.Stderr}
	say := func(s highwater.Status, format string, args ...any) highwater.Outcome {
		o.Status, o.Detail = s, fmt.Sprintf(format, args...)
		return o
	}
	how := fmt.Sprintf("exited with status %d", e.Code)
	if e.Signal != "" {
		how = "was killed by a signal: " + e.Signal
		if e.OOM {
			how += ", while the kernel's out-of-memory killer was at work"
		}
	}
	switch {
	case e.Err != "":
		return say(highwater.StatusNoStart, "could not be run: %s", e.Err)
	case e.OverLimit > 0:
		return say(highwater.StatusMemory, "reached %s of resident memory with all that it started, over its ceiling of %s, and was ended",
			highwater.FormatBytes(float64(e.OverLimit)), highwater.FormatBytes(float64(l.MaxMemory)))
	case e.TimedOut:
		return say(highwater.StatusTimeout, "was still running after %s and was ended", l.Timeout)
	case used != nil && e.Stopped:
		return say(highwater.StatusFailed, "%v", used)
	case used != nil:
		return say(highwater.StatusFailed, "%v; it %s", used, how)
	case e.Stopped: // by us, and not before its time
	case e.Signal != "":
		return say(highwater.StatusKilled, "%s", how)
	case e.Code != d.ExpectExit && crash(e.Stderr) != "":
		return say(highwater.StatusPanicked, "%s", crash(e.Stderr))
	case e.Code != d.ExpectExit:
		return say(highwater.StatusExited, "%s, and not with %d", how, d.ExpectExit)
	}
	return highwater.Outcome{Status: highwater.StatusOK}
}

// mostChildren is how many children of a command are listed.
const mostChildren = 20

// fillCommand takes what was seen from outside into the measurement.
func fillCommand(m *highwater.Measurement, e target.Exit) {
	m.Values, m.Unsupported, m.Sources = map[string]float64{}, map[string]string{}, map[string]string{}
	// Those that took most: a build may start thousands.
	slices.SortStableFunc(e.Children, func(a, b target.Child) int { return cmp.Compare(b.HighWater, a.HighWater) })
	for _, c := range e.Children[:min(mostChildren, len(e.Children))] {
		m.Children = append(m.Children, highwater.ChildProcess{PID: c.PID, Command: c.Command, HighWater: c.HighWater})
	}
	fillOrphans(m, e)
	if e.Forced {
		m.Notes = append(m.Notes, "it did not end when it was asked to (SIGTERM), and was killed")
	}
	t := e.Tree
	if t == nil {
		for _, name := range []string{highwater.Footprint, highwater.TreeFootprint, highwater.TreePSS, highwater.TreeCgroup, highwater.Orphans} {
			m.Unsupported[name] = "process trees can be seen on Linux only"
		}
		return
	}
	m.Notes = append(m.Notes, t.Notes...)
	for _, p := range t.Series {
		m.Series = append(m.Series, highwater.TreePoint{At: int64(p.At), PSS: p.PSS, Processes: p.Processes})
	}
	if m.Outcome.Status != highwater.StatusOK {
		return
	}
	// The children alone are not among them: those of a shell live for milliseconds,
	// and which of them a look meets is chance.
	for _, f := range []struct {
		metric string
		value  int64
		source string
	}{
		{highwater.Footprint, t.Main, t.MainSource},
		{highwater.TreeFootprint, t.Footprint, t.FootprintSource},
		{highwater.TreePSS, t.PSS, t.PSSSource},
		{highwater.TreeCgroup, t.Cgroup, t.CgroupSource},
	} {
		if f.value > 0 && f.source != "" {
			m.Values[f.metric], m.Sources[f.metric] = float64(f.value), f.source
		}
	}
	m.Values[highwater.Orphans] = float64(len(e.Orphans))
	m.Sources[highwater.Orphans] = "descendants that were there when it had ended"
	if t.Missed > 0 {
		m.Incomplete = map[string]string{highwater.TreePSS: fmt.Sprintf("a process that no look has met reached %s", highwater.FormatBytes(float64(t.Missed)))}
	}
	if len(e.Orphans) > 0 {
		m.Notes = append(m.Notes, left(e.Orphans)+"; --wait-tree waits for them")
		// What they would have come to hold nobody knows.
		m.Incomplete = map[string]string{}
		for _, metric := range []string{highwater.TreePSS, highwater.TreeFootprint, highwater.TreeCgroup} {
			m.Incomplete[metric] = left(e.Orphans)
		}
	}
	maps.DeleteFunc(m.Sources, func(k, _ string) bool { _, ok := m.Values[k]; return !ok })
}

// left says what was left running.
func left(orphans []target.Child) string {
	const most = 3
	var names []string
	for _, c := range orphans[:min(most, len(orphans))] {
		names = append(names, c.Command)
	}
	slices.Sort(names)
	text := fmt.Sprintf("when it had ended, it left %d running, which were killed: %q", len(orphans), names)
	if len(orphans) == 1 {
		text = fmt.Sprintf("when it had ended, it left a process running, which was killed: %q", names[0])
	}
	return text
}
