package driver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

// looked is what the profiler looks at.
type looked struct {
	attach.Live
	info    highwater.ScenarioInfo
	title   string        // its name, where highwater has started it
	started *measure.Live // nil for what was running already, or has no probe
	how     func() string // how what highwater has started ended; it waits for that
	tracer  attach.Tracer // nil where memory is not read
	output  *outputFile   // what a program that was started prints
	seen    bool          // there was a look that succeeded
	told    bool          // where its output is
	closers []func()
}

func (l *looked) close() {
	for i := len(l.closers) - 1; i >= 0; i-- {
		l.closers[i]()
	}
}

// onClose has it done when the looking is over, the last one first.
func (l *looked) onClose(do func()) { l.closers = append(l.closers, do) }

// Look names what highwater has started, and says where there is a probe in it.
func (l *looked) Look(ctx context.Context, full bool) (highwater.Snapshot, error) {
	s, err := l.Live.Look(ctx, full)
	if isGone(err) && !l.seen && l.how != nil {
		return s, l.early()
	}
	l.seen = l.seen || err == nil
	if err == nil && l.title != "" {
		s.Name = l.title
	}
	if err == nil && l.started != nil {
		s.Source = highwater.SourceProbe
		delete(s.Lacks, highwater.QuantityCollect) // what reads memory cannot, and the probe can
	}
	return s, err
}

// rest is how long it is to be left alone after a look.
func (l *looked) rest() time.Duration {
	if r, ok := l.Live.(attach.Rester); ok {
		return r.Rest()
	}
	return 0
}

// Name is that of the snapshots.
func (l *looked) Name() string {
	return cmp.Or(l.title, l.Live.Name())
}

// Collect forces a collection by the probe, where there is one.
func (l *looked) Collect(ctx context.Context) error {
	if l.started == nil {
		return l.Live.Collect(ctx)
	}
	_, err := l.started.Ask(ctx, probe.AskCollect)
	return err
}

// open finds, or starts, what is to be looked at. The caller closes it.
func (a *app) open(ctx context.Context, o *profilerOptions, h held, args []string, dash int) (*looked, error) {
	if all := o.subjects(args); len(all) > 1 { // --scenario, beside what is no stored run: check does not know that
		return nil, usagef("%s and %s: one thing is looked at; of what a package has, --bench, --tests and --examples choose", all[0], all[1])
	}
	so := &soakOptions{options: o.options, verb: "profiler", pid: o.pid, url: o.url, name: o.name, drive: o.drive, ready: o.ready}
	so.duration = o.duration
	switch {
	case o.url != "":
		l, err := attach.LiveURL(o.url, attach.URLOptions{})
		return running(so, l, nil, err)
	case o.pid != 0:
		l, tracer, err := livePID(o.pid)
		return running(so, l, tracer, err)
	case dash == 0 && len(args) > 0:
		return a.startCommand(ctx, so, args)
	}
	tasks, b, err := a.soakTasks(ctx, so, &h, args, dash)
	if err == nil && len(tasks) > 1 {
		tasks, err = a.pickTask(ctx, tasks)
	}
	if err == nil && len(tasks) != 1 {
		err = oneOf(tasks, b)
	}
	if err != nil {
		b.close()
		return nil, err
	}
	l, err := a.start(ctx, o, h, tasks[0].target)
	if err != nil {
		b.close()
		return nil, err
	}
	l.closers = append([]func(){b.close}, l.closers...)
	return l, nil
}

// oneOf is the error of a name that stands for none, or for several.
func oneOf(tasks []soakTask, b built) error {
	if len(tasks) == 0 {
		var all []error
		for _, f := range b.Failed {
			all = append(all, f)
		}
		if len(all) > 0 {
			return errors.Join(all...)
		}
		return usagef("profiler: nothing of that name can be run; `highwater gates --list` lists scenarios")
	}
	var names []string
	for _, t := range tasks[:min(len(tasks), 8)] {
		names = append(names, t.target.Info.ID())
	}
	return usagef("profiler: that are %d scenarios, and one is looked at; choose with --scenario, and of a package's with --bench, --tests or --examples:\n%s", len(tasks), strings.Join(names, "\n"))
}

// running is a process that highwater did not start.
func running(o *soakOptions, l attach.Live, tracer attach.Tracer, err error) (*looked, error) {
	if err != nil {
		return nil, err
	}
	k := &looked{Live: l, info: o.process(), tracer: tracer}
	k.onClose(func() { _ = l.Close() })
	return k, nil
}

// livePID looks at a process by its id: at its memory, too, where that can be read.
func livePID(pid int) (attach.Live, attach.Tracer, error) {
	inside, err := attach.InsideOf(pid)
	o := attach.PIDOptions{Inside: inside}
	if err != nil {
		o = attach.PIDOptions{Why: err.Error()}
	}
	l, err := attach.LivePID(pid, o)
	if err != nil && inside != nil {
		_ = inside.Close()
	}
	tracer, _ := inside.(attach.Tracer)
	return l, tracer, err
}

// start runs a target with the probe in it.
func (a *app) start(ctx context.Context, o *profilerOptions, h held, t target.Target) (*looked, error) {
	if t.Program {
		d := o.drive
		t.Drive = &d
	}
	output, err := newOutputFile()
	if err != nil {
		return nil, err
	}
	rate := o.rate
	if rate == 0 && o.mode == "trace" {
		rate = traceRate
	}
	started, err := measure.StartLive(ctx, t, measure.LiveOptions{
		Options: measure.Options{MaxMemory: or(h.MaxMemory, 0)}, Rate: rate, Output: output,
	})
	if err != nil {
		output.close(true)
		return nil, err
	}
	l := &looked{info: t.Info, title: fmt.Sprintf("%s (pid %d)", t.Info.ID(), started.PID()), started: started, output: output}
	l.how = func() string { return cmp.Or(started.Outcome().Detail, "it came to its end") }
	l.onClose(func() { output.close(false) })
	l.onClose(func() { started.End() })
	in := &inProcess{filler: measure.LiveFiller{Live: started}}
	if inside, err := attach.InsideOf(started.PID()); err == nil {
		in.memory, in.filler.FiguresOnly = inside, true
		l.tracer, _ = inside.(attach.Tracer)
	}
	if l.Live, err = attach.LivePID(started.PID(), attach.PIDOptions{Inside: in}); err != nil {
		if isGone(err) || hasEnded(started.PID()) {
			err = l.early()
		}
		l.close()
		return nil, err
	}
	l.onClose(func() { _ = l.Live.Close() })
	return l, nil
}

// inProcess is the inside of a process with a probe: what can be read of its memory
// from outside is, since that costs the process nothing, and the probe tells the rest.
type inProcess struct {
	memory attach.Inside // nil where it cannot be read
	filler measure.LiveFiller
}

func (p *inProcess) Fill(s *highwater.Snapshot, full bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), probeAnswers)
	defer cancel()
	if p.memory == nil {
		return p.filler.Fill(ctx, s, full)
	}
	if err := p.memory.Fill(s, full); err != nil {
		return err
	}
	withoutOwn(s)
	ops, err := p.filler.Operations(ctx)
	s.Ops = ops
	return err
}

// withoutOwn leaves out what the probe has allocated, and its goroutines, of which there
// are a few in any process with one in it.
func withoutOwn(s *highwater.Snapshot) {
	s.Sites = slices.DeleteFunc(slices.Clone(s.Sites), func(u highwater.SiteUse) bool { return heap.IsOwn(u.Stack) })
	kept := s.Groups[:0:0]
	states := maps.Clone(s.States)
	for _, g := range s.Groups {
		if !heap.IsProbe(g.Created.Func) {
			kept = append(kept, g)
			continue
		}
		s.Goroutines = max(s.Goroutines-g.Count, 0)
		if states[g.State] -= g.Count; states[g.State] <= 0 {
			delete(states, g.State)
		}
	}
	s.Groups, s.States = kept, states
}

// SizeClasses are of the memory that is read, as [attach.Sizer] has it.
func (p *inProcess) SizeClasses() ([]highwater.SizeClass, error) {
	if s, ok := p.memory.(attach.Sizer); ok {
		return s.SizeClasses()
	}
	return nil, nil
}

func (p *inProcess) Close() error {
	if p.memory == nil {
		return nil
	}
	return p.memory.Close()
}

// startCommand runs a command, and looks at all processes that it starts.
func (a *app) startCommand(ctx context.Context, o *soakOptions, argv []string) (*looked, error) {
	t, err := o.soakedCommand(argv)
	if err != nil {
		return nil, err
	}
	output, err := newOutputFile()
	if err != nil {
		return nil, err
	}
	stop, supervisor, over := make(chan struct{}), make(chan int, 1), make(chan target.Exit, 1)
	go func() {
		over <- target.Launch(context.WithoutCancel(ctx), t.target.Path, t.target.Args, append(os.Environ(), t.target.Env...), t.target.Dir,
			target.Limits{Output: output, Stop: stop, Tree: true, Started: func(pid int) { supervisor <- pid }})
	}()
	l := &looked{info: t.target.Info, title: t.target.Info.ID() + " and all that it started", output: output}
	l.onClose(func() { output.close(false) })
	select {
	case pid := <-supervisor:
		exit := sync.OnceValue(func() target.Exit { return <-over })
		l.how = func() string { return ending(exit()) }
		l.onClose(func() { close(stop); exit() })
		if l.Live, err = attach.LiveTree(pid, false); err != nil {
			if isGone(err) || hasEnded(pid) {
				err = l.early()
			}
			l.close()
			return nil, err
		}
		l.onClose(func() { _ = l.Live.Close() })
		return l, nil
	case e := <-over:
		err := fmt.Errorf("%s could not be started: %s", strings.Join(argv, " "), e.Err)
		if e.Err == "" { // it was, and has ended as fast as that
			l.how = func() string { return ending(e) }
			err = l.early()
		}
		l.close()
		return nil, err
	}
}

// ending words how a command ended.
func ending(e target.Exit) string {
	switch {
	case e.Err != "":
		return e.Err
	case e.Signal != "":
		return "ended by signal " + e.Signal
	}
	return fmt.Sprintf("exited with status %d", e.Code)
}

// mostOutput is how much is kept of what a program prints, in bytes: a profiler may be
// left running over a night.
const mostOutput = 64 << 20

// outputFile takes what a program prints, into a file: the terminal is the dashboard's.
type outputFile struct {
	*os.File
	wrote int64
	mu    sync.Mutex
}

func newOutputFile() (*outputFile, error) {
	f, err := os.CreateTemp("", "highwater-output-*.log")
	if err != nil {
		return nil, fmt.Errorf("making a file for what the program prints: %w", err)
	}
	return &outputFile{File: f}, nil
}

func (t *outputFile) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.wrote
	t.wrote += int64(len(p))
	// A full disk is no reason to end the program.
	switch {
	case t.wrote <= mostOutput:
		_, _ = t.File.Write(p)
	case before <= mostOutput:
		_, _ = fmt.Fprintf(t.File, "\n[highwater keeps %s of what a program prints, and leaves the rest out]\n", highwater.FormatBytes(mostOutput))
	}
	return len(p), nil
}

// close keeps the file if there is something in it.
func (t *outputFile) close(drop bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_ = t.File.Close()
	if drop || t.wrote == 0 {
		_ = os.Remove(t.Name())
	}
}

// sourceFile reads a file of the program's source, by the name that its build recorded.
func sourceFile(name string) ([]byte, error) {
	if !filepath.IsAbs(name) {
		return nil, fmt.Errorf("%s: its folder is not recorded: the program was built with -trimpath", name)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > mostSource {
		return nil, fmt.Errorf("%s is too large for a source file", name)
	}
	return os.ReadFile(name)
}
