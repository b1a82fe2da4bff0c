package driver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/live"
	"github.com/highwater-dev/highwater/internal/report"
)

// traceRate is the profile rate of a program that is started to be traced.
const traceRate = 4096

// tracing is a trace under way.
type tracing struct {
	app    *app
	o      *profilerOptions
	what   *looked
	totals func(context.Context) ([]highwater.SiteUse, int, error)
	write  *report.TraceWriter
	trace  live.Trace

	begun  time.Time
	rate   int
	first  []highwater.SiteUse // totals when it began
	last   []highwater.SiteUse
	cycles int64 // collections so far
}

// trace says what allocates, from look to look, and what became of it.
func (a *app) trace(ctx context.Context, o *profilerOptions, l *looked, out io.Writer) (int, error) {
	t := &tracing{app: a, o: o, what: l, cycles: -1}
	t.totals = t.source()
	t.write = report.NewTraceWriter(out, o.format == "json", o.verbose, o.shown)
	err := t.run(ctx)
	if t.first == nil {
		return highwater.ExitError, errors.Join(err, errors.New("nothing was traced"))
	}
	trace := highwater.Trace{Name: l.Name(), Took: time.Since(t.begun), Rate: t.rate, Sites: t.trace.Lifetimes()}
	path, kept := t.keep(ctx, &trace)
	err = errors.Join(err, kept, t.write.End(trace, path))
	a.tellOutput(o, l)
	return exitOf(err), err
}

// source is where the totals come from: the process's memory, which knows them as of now,
// or else its profile, which knows them as of the last collection.
func (t *tracing) source() func(context.Context) ([]highwater.SiteUse, int, error) {
	if tracer := t.what.tracer; tracer != nil {
		return func(context.Context) ([]highwater.SiteUse, int, error) { return tracer.Totals() }
	}
	return func(ctx context.Context) ([]highwater.SiteUse, int, error) {
		s, err := t.what.Look(ctx, true)
		if err == nil && s.Lacks[highwater.QuantitySites] != "" {
			err = fmt.Errorf("what it allocates cannot be seen: %s", s.Lacks[highwater.QuantitySites])
		}
		return s.Sites, s.Rate, err
	}
}

func (t *tracing) run(ctx context.Context) error {
	end := time.NewTimer(t.o.duration)
	defer end.Stop()
	tick := time.NewTicker(t.o.interval)
	defer tick.Stop()
	for {
		err := t.look(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case isGone(err) && t.first != nil:
			t.app.warn("%s; what it allocated until then is told", t.what.ending(err))
			return nil
		case err != nil:
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-end.C:
			return t.settle(ctx)
		case <-tick.C:
		}
	}
}

// look tells what was allocated since the look before, and, when there has been a
// collection, what that found.
func (t *tracing) look(ctx context.Context) error {
	at := time.Now()
	totals, rate, err := t.totals(ctx)
	if err != nil {
		return err
	}
	if t.first == nil {
		t.first, t.begun, t.rate = totals, at, rate
		if err := t.write.Begin(t.what.Name(), rate, t.what.tracer != nil, t.o.interval); err != nil {
			return err
		}
	}
	t.last = totals
	if err := t.write.Allocations(t.begun, t.trace.Look(at, totals)); err != nil {
		return err
	}
	s, err := t.what.Look(ctx, false)
	if err != nil || s.GC.Cycles == t.cycles {
		return err
	}
	if s, err = t.what.Look(ctx, true); err != nil {
		return err
	}
	t.cycles = s.GC.Cycles
	t.trace.Collected(s.Sites)
	return nil
}

// settle has what was allocated last judged, too, by a collection at the end; twice,
// since a profile is as of the one before. What cannot be forced is left as it is.
func (t *tracing) settle(ctx context.Context) error {
	for range 2 {
		if err := t.what.Collect(ctx); err != nil {
			return t.look(ctx)
		}
	}
	return t.look(ctx)
}

// keep writes what was allocated in that time as a profile, and the trace beside it into a
// run. It returns the path of the profile.
func (t *tracing) keep(ctx context.Context, trace *highwater.Trace) (string, error) {
	k := &shots{app: t.app, what: t.what}
	if err := k.begin(ctx); err != nil {
		return "", err
	}
	folder, err := k.dir.Path(k.run.ID)
	if err != nil {
		return "", err
	}
	trace.Profile = "profiles/allocations.pb.gz"
	path := filepath.Join(folder, filepath.FromSlash(trace.Profile))
	p := heap.UseProfile(live.Between(t.first, t.last), t.rate)
	p.DefaultSampleType = "alloc_space"
	p.DurationNanos = int64(trace.Took)
	stored := *trace
	stored.Sites = stored.Sites[:min(mostKept, len(stored.Sites))]
	m := highwater.Measurement{
		Scenario: t.what.info.ID(), Pass: highwater.PassLive, Started: t.begun.UTC(), Duration: trace.Took,
		Outcome: highwater.Outcome{Status: highwater.StatusOK}, Trace: &stored,
	}
	return path, errors.Join(heap.Write(path, p), k.dir.Append(k.run.ID, m), k.end(m))
}

// traceOf is the trace that a run holds, if any.
func traceOf(run *highwater.Run) *highwater.Trace {
	for _, m := range run.Measurements {
		if m.Trace != nil {
			return m.Trace
		}
	}
	return nil
}

// showTrace tells again what became of what was allocated.
func (a *app) showTrace(o *options, trace highwater.Trace, file string, out io.Writer) error {
	shown := report.LookOptions{}
	w := report.NewTraceWriter(out, o.output.format == "json", o.verbose, shown)
	if err := w.Again(trace); err != nil {
		return err
	}
	return w.End(trace, filepath.Join(filepath.Dir(file), filepath.FromSlash(trace.Profile)))
}
