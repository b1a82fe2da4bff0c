package driver

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/stability"
	"github.com/highwater-dev/highwater/internal/target"
)

// soakTask is one thing to soak: a target that is started, or a process that is
// running already.
type soakTask struct {
	target target.Target
	open   func() (attach.Source, error) // nil: the target is started
}

func targetsOf(tasks []soakTask) []target.Target {
	all := make([]target.Target, len(tasks))
	for i, t := range tasks {
		all[i] = t.target
	}
	return all
}

// soaks are the soaks of one invocation. What is gathered is in the Run file after
// every checkpoint.
type soaks struct {
	app     *app
	session *session
	options *soakOptions
	policy  stability.Policy
	show    *progress

	mu    sync.Mutex
	place map[string]int // of a scenario's measurement in the run
}

// run soaks all tasks, as many at a time as the options say, and judges them.
func (k *soaks) run(ctx context.Context, tasks []soakTask) (*highwater.Report, error) {
	s, o := k.session, k.options
	k.place = map[string]int{}
	if !o.quiet {
		k.show = newProgress(k.app.Stderr)
	}
	queue := make(chan soakTask)
	var wg sync.WaitGroup
	for range min(o.jobs, len(tasks)) {
		wg.Go(func() {
			for t := range queue {
				k.record(k.one(ctx, t))
			}
		})
	}
	for _, t := range tasks {
		if ctx.Err() != nil {
			break
		}
		queue <- t
	}
	close(queue)
	wg.Wait()
	k.show.end()
	if ctx.Err() == nil {
		now := time.Now().UTC().Truncate(time.Millisecond)
		s.run.Finished = &now
	}
	s.save()
	if _, err := s.dir.Prune(keepRuns, keepBytes); err != nil && !o.quiet {
		k.app.warn("%v", err)
	}
	file, _ := s.dir.File(s.run.ID)
	return judgeSoak(kept(s.run, file, s.run.ID), k.policy), s.saveErr
}

// one soaks one task to its end.
func (k *soaks) one(ctx context.Context, t soakTask) highwater.Measurement {
	o := measure.SoakOptions{
		Options: k.session.options, Duration: k.options.duration, Interval: k.options.interval,
		Checkpoint: k.checkpoint, Profiles: k.options.profiling,
	}
	if k.options.holders {
		o.Ending = k.held
	}
	switch {
	case t.open != nil:
		return k.follow(ctx, t, o)
	case t.target.Command:
		return k.command(ctx, t, o)
	default:
		return measure.Soak(ctx, t.target, o)
	}
}

// checkpoint keeps what there is so far, and shows it.
func (k *soaks) checkpoint(m highwater.Measurement) {
	k.record(m)
	if k.show == nil || len(m.Soak.Points) == 0 {
		return
	}
	result := stability.Assess(m.Soak, k.policy)
	last, planned, begun := m.Soak.Points[len(m.Soak.Points)-1], m.Soak.Planned, time.Now()
	name := ""
	if len(k.session.targets) > 1 {
		name = m.Scenario + "  "
	}
	k.show.show(func() string {
		elapsed := time.Duration(last.At) + time.Since(begun)
		return name + report.SoakLine(elapsed, planned, last.Op, last, result)
	})
}

// record puts the measurement in the place of what was there of its scenario. A long
// series is not written after every checkpoint, if that would take much of the time.
func (k *soaks) record(m highwater.Measurement) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.session
	i, ok := k.place[m.Scenario]
	if !ok {
		i = len(s.run.Measurements)
		k.place[m.Scenario] = i
		s.run.Measurements = append(s.run.Measurements, m)
	}
	s.run.Measurements[i] = m
	if time.Since(s.saved) >= mostSaving*s.took {
		s.save()
	}
}

// isSoak reports whether a run holds soaks.
func isSoak(r *highwater.Run) bool {
	for _, m := range r.Measurements {
		if m.Pass == highwater.PassSoak {
			return true
		}
	}
	return false
}

// judgeSoak makes the report of a stored soak.
func judgeSoak(run stored, p stability.Policy) *highwater.Report {
	r := stability.Judge(run.run, p)
	r.RunFile = run.file
	for i, row := range r.Rows {
		for _, m := range run.run.Of(row.Scenario.ID()) {
			if m.Soak != nil && len(m.Soak.Profiles) > 0 {
				last := m.Soak.Profiles[len(m.Soak.Profiles)-1]
				r.Rows[i].Profile = filepath.Join(run.dir, filepath.FromSlash(last))
			}
		}
	}
	return r
}

// soakPolicy is what soaks are held to.
func (a *app) soakPolicy(o *soakOptions, h held) (stability.Policy, error) {
	p := stability.Policy{
		GrowthPercent: stability.StandardGrowth, Now: time.Now(), AllowInconclusive: isTrue(h.AllowInconclusive),
		DurationFlag: o.durationName(),
	}
	if isTrue(h.Strict) {
		p.GrowthPercent = stability.StrictGrowth
	}
	if h.Growth != nil {
		p.GrowthPercent = *h.Growth
	}
	p.MaxGrowth = or(h.MemoryThreshold, 0)
	if h.SlowDown != nil {
		p.SlowDown = *h.SlowDown / 100
		if p.SlowDown == 0 {
			p.SlowDown = -1 // no limit
		}
	}
	if o.limit != "" {
		n, err := highwater.ParseSize(o.limit)
		if err != nil || n <= 0 {
			return p, usagef("--limit %s: want a size above 0, such as 2GiB", o.limit)
		}
		p.Limit = n
	}
	if p.Limit == 0 {
		p.Limit = measure.MemoryLimit()
	}
	p.Known, p.Limits, p.Notes = h.knownLeaks(), a.policy(h).Limits, h.labelNotes
	return p, nil
}

// command soaks a command with all processes that it starts, from outside.
func (k *soaks) command(ctx context.Context, t soakTask, o measure.SoakOptions) highwater.Measurement {
	if !k.options.quiet {
		o.Output = k.app.Stderr
	}
	return measure.SoakCommand(ctx, t.target, o, func(supervisor int) (measure.SoakView, error) {
		source, err := attach.Tree(supervisor, false)
		return viewOf(source), err
	})
}

// follow soaks a process that is running already.
func (k *soaks) follow(ctx context.Context, t soakTask, o measure.SoakOptions) highwater.Measurement {
	source, err := t.open()
	if err != nil {
		return highwater.Measurement{
			Scenario: t.target.Info.ID(), Pass: highwater.PassSoak, Started: time.Now().UTC().Truncate(time.Millisecond),
			Outcome: highwater.Outcome{Status: highwater.StatusNoStart, Detail: fmt.Sprint(err)},
		}
	}
	defer func() { _ = source.Close() }() // nothing was written
	m := measure.SoakFrom(ctx, t.target.Info, viewOf(source), o)
	if o.Ending != nil && m.Soak != nil {
		pid := k.options.pid
		if pid == 0 {
			pid = answering(context.WithoutCancel(ctx), k.options.url)
		}
		m.Soak.Held = k.held(ctx, pid, m.Soak)
	}
	return m
}

// viewOf lets the measuring side look at a source.
func viewOf(s attach.Source) measure.SoakView {
	if s == nil {
		return measure.SoakView{}
	}
	v := measure.SoakView{
		Kind: s.Kind(), Lacks: s.Lacks,
		Look: func(ctx context.Context) (measure.SoakLook, error) {
			r, err := s.Read(ctx)
			return measure.SoakLook(r), err
		},
		Gone: func(err error) bool { return errors.Is(err, attach.ErrGone) },
	}
	if b, ok := s.(attach.Blocker); ok {
		v.Blocked = b.Blocked
	}
	return v
}
