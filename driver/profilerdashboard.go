package driver

import (
	"context"
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
	"github.com/highwater-dev/highwater/internal/tui"
)

// dashboardGC is GOGC while there is a dashboard, whatever the program has that is looked at.
const dashboardGC = 100

func isGone(err error) bool { return errors.Is(err, attach.ErrGone) }

// dashboardTarget is what the dashboard shows.
type dashboardTarget struct {
	*looked
	shots *shots
	last  highwater.Snapshot
}

func (t *dashboardTarget) Look(ctx context.Context) (highwater.Snapshot, error) {
	s, err := t.looked.Look(ctx, false)
	if err == nil {
		t.last = s
		return s, nil
	}
	if isGone(err) {
		t.last.Ended = t.ending(err)
		return t.last, err
	}
	return s, err
}

func (t *dashboardTarget) Snapshot(ctx context.Context) (string, highwater.Snapshot, error) {
	return t.shots.keep(ctx)
}

// dashboard shows it on the terminal until the user quits.
func (a *app) dashboard(ctx context.Context, o *profilerOptions, l *looked) (int, error) {
	if o.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.duration)
		defer cancel()
	}
	defer debug.SetGCPercent(debug.SetGCPercent(dashboardGC))
	// One processor is enough to draw with: on several, half of what it takes is looking
	// for work on the others.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	inner, over := context.WithCancel(ctx)
	defer over()
	go staySmall(inner.Done())
	t := &dashboardTarget{looked: l, shots: &shots{app: a, what: l}}
	var rest func() time.Duration
	if o.ours {
		rest = l.rest
	}
	err := tui.Run(ctx, tui.Options{
		Target: t, Rest: rest, Interval: o.interval, In: a.Stdin, Out: a.Stdout, Threshold: o.shown.Threshold, Only: o.shown.Target,
		Environ: os.Environ(), Gone: isGone, Source: sourceFile,
	})
	if saved := t.shots.end(); err == nil {
		err = saved
	}
	a.tellOutput(o, l)
	return exitOf(err), err
}
