package driver

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/config"
)

// fullLooks is how many looks with all sites and goroutines there are while a process is
// watched: what a map held at its peak shows between the first and the last.
const fullLooks = 10

// adviseStored is what a profile, a run or a snapshot of that name tells, or a result of
// debug optimize as it was; false for what is none.
func (a *app) adviseStored(ctx context.Context, o *debugOptions, name string) (advise.Document, bool, error) {
	d, isResult := resultIn(name)
	var r record
	if !isResult {
		var err error
		if r, isResult, err = a.record(ctx, name); !isResult || err != nil {
			return d, false, err
		}
	}
	if err := r.holds(o, name); err != nil {
		return d, false, err
	}
	if o.optimizing.frontier {
		return d, false, usagef("--frontier runs a scenario: name it with --scenario, or its package")
	}
	if len(d.Subjects) > 0 {
		return d, true, nil
	}
	one := advised{name: name, noProgram: "the executable is not known, whose types there are"}
	switch {
	case r.profile != nil:
		v, err := ofProfile(name, r.profile)
		if err != nil {
			return advise.Document{}, false, err
		}
		one.name, one.how, one.evidence.Snapshots = v.Snapshot.Name, "of a stored heap profile: what was allocated since the process began", []highwater.Snapshot{v.Snapshot}
	case r.snapshot != nil:
		one.name, one.how, one.evidence.Snapshots = r.snapshot.Name, "of a stored snapshot: what was allocated since the process began", []highwater.Snapshot{*r.snapshot}
	default:
		if all := snapshotsOf(r.run.run); len(all) > 0 {
			one.name, one.how, one.evidence.Snapshots = all[0].Name, fmt.Sprintf("of %d stored snapshots", len(all)), all
			break
		}
		all, err := a.ofScenarios(o, r.run)
		d, err := a.concludeAdvice(ctx, o, all, r.run.run, side{}, err)
		return d, true, err
	}
	d, err := a.concludeAdvice(ctx, o, []advised{one}, nil, side{}, nil)
	return d, true, err
}

// mostResult is the largest result that is read.
const mostResult = 512 << 20

// resultIn is the result of debug optimize in a file, false where it is none.
func resultIn(file string) (d advise.Document, ok bool) {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > mostResult || filepath.Ext(file) != ".json" {
		return d, false
	}
	data, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(data, &d) != nil || d.Schema != advise.DocumentSchema || len(d.Subjects) == 0 {
		return advise.Document{}, false
	}
	return d, true
}

// ofScenarios is what a run tells of each of its scenarios.
func (a *app) ofScenarios(o *debugOptions, run *stored) ([]advised, error) {
	var all []advised
	for _, i := range run.run.Scenarios {
		if o.said.Scenarios != nil && !slices.ContainsFunc(o.said.Scenarios, func(p string) bool { return config.Match(p, i.ID()) }) {
			continue
		}
		one := ofScenario(run.run, i.ID())
		one.noProgram = "the executable is not known, whose types there are"
		all = append(all, one)
	}
	if len(all) == 0 {
		return nil, usagef("%s holds no such scenario; `%s report %s` lists them", run.name, a.Name, run.name)
	}
	return all, nil
}

// ofScenario is what a run tells of one scenario.
func ofScenario(run *highwater.Run, id string) advised {
	one := advised{name: id, evidence: advise.Evidence{Measurements: run.Of(id)}}
	for _, m := range one.evidence.Measurements {
		if m.Outcome.Status != highwater.StatusOK {
			one.failed = append(one.failed, fmt.Sprintf("%s, %s pass: %s", id, m.Pass, m.Outcome.Detail))
		}
	}
	if len(one.evidence.Measurements) == 0 {
		one.failed = append(one.failed, id+" was not measured")
	}
	one.module = run.Environment.Module
	one.how = fmt.Sprintf("measured %s, %s", run.Created.Local().Format("2006-01-02 15:04:05"), run.Environment.Go)
	return one
}

// adviseMeasured measures what the settings name as gates does. With base, benchmarks make
// as many operations as there. What was built is there until done is called.
func (a *app) adviseMeasured(ctx context.Context, o *debugOptions, h held, base *stored) (all []advised, run *highwater.Run, done func(), err error) {
	b, err := a.build(ctx, h, &o.options, base)
	if err != nil {
		return nil, nil, b.close, err
	}
	r, targets, err := a.measureBuilt(ctx, h, &o.options, b, nil)
	if err == nil {
		err = ctx.Err()
	}
	if r == nil || err != nil {
		return nil, nil, b.close, err
	}
	for _, i := range r.Run.Scenarios {
		one := ofScenario(r.Run, i.ID())
		one.noProgram = "it was not built"
		for _, t := range targets {
			if t.Info.ID() == i.ID() {
				one.target, one.program = &t, t.Path
			}
		}
		all = append(all, one)
	}
	return all, r.Run, b.close, nil
}

// openProgram builds a main package with the probe, and starts it. It also returns the
// executable. The error is a [target.NoProgramError] where the name is no program's.
func (a *app) openProgram(ctx context.Context, o *debugOptions, h held, pkg string) (*looked, string, error) {
	so := &soakOptions{options: o.options, verb: "debug optimize", name: o.name, drive: o.drive, ready: o.ready}
	tasks, b, err := a.soakedProgram(ctx, so, h, pkg, nil)
	if err == nil && len(tasks) != 1 {
		err = oneOf(tasks, b)
	}
	if err != nil {
		b.close()
		return nil, "", err
	}
	l, err := a.start(ctx, &o.profilerOptions, h, tasks[0].target)
	if err != nil {
		b.close()
		return nil, "", err
	}
	l.closers = append([]func(){b.close}, l.closers...)
	return l, tasks[0].target.Path, nil
}

// adviseWatched watches a process, and closes it.
func (a *app) adviseWatched(ctx context.Context, o *debugOptions, l *looked, program string) (advise.Document, error) {
	defer l.close()
	if o.optimizing.frontier || o.optimizing.verify != "" {
		return advise.Document{}, usagef("--frontier and --verify are for scenarios and benchmarks, whose operations are counted: write one of what the program does, see docs/memtest.md")
	}
	less := o.profilerOptions
	less.interval = max(o.interval, o.duration/fullLooks)
	var all []highwater.Snapshot
	err := l.looks(ctx, &less, true, func(s highwater.Snapshot) error {
		if s.Ended == "" || len(all) == 0 {
			all = append(all, s)
		}
		return nil
	})
	if err == nil {
		err = ctx.Err()
	}
	a.tellOutput(&o.profilerOptions, l)
	if err != nil {
		return advise.Document{}, err
	}
	first, last := all[0], all[len(all)-1]
	one := advised{
		name: last.Name, evidence: advise.Evidence{Snapshots: all}, program: program,
		how:       fmt.Sprintf("watched for %s, %d looks with all sites", last.At.Sub(first.At).Round(100*time.Millisecond), len(all)),
		noProgram: "the executable, whose types there are, is not on this machine, as far as is known",
	}
	if program == "" && last.PID != 0 {
		one.program = procRoot.Executable(last.PID)
	}
	return a.concludeAdvice(ctx, o, []advised{one}, nil, side{}, nil)
}
