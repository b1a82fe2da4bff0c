package driver

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/target"
)

// How much of the state directory runs may take before the oldest go.
const (
	keepRuns  = 100
	keepBytes = 2 << 30
)

// defaultMaxRepeats is how many processes of a pass may be spent on settling a
// comparison.
const defaultMaxRepeats = 10

// session measures scenarios into a Run that is on disk after every process,
// so that a later crash loses nothing.
type session struct {
	app      *app
	dir      store.Dir
	run      *highwater.Run
	targets  []target.Target
	options  measure.Options
	policy   gate.Policy
	baseline *stored // nil: none
	budget   int     // processes of each pass
	saveErr  error   // the first failure to write the Run file

	saved time.Time     // when the Run file was last written
	took  time.Duration // and how long that took
}

// begin makes the run on disk, with nothing in it but the packages that could
// not be built.
func (a *app) begin(ctx context.Context, h held, targets []target.Target, b built, baseline *stored) (*session, error) {
	dir, err := store.Runs()
	if err != nil {
		return nil, err
	}
	env := measure.Environment(ctx)
	if v := b.goVersion(); v != "" {
		env.Go = v
	}
	policy := a.policy(h)
	var packages func(string) bool
	if len(h.Packages) > 0 {
		packages = packageNames(h.Packages, env.Module)
	}
	policy.Selected = func(id string) bool {
		if baseline == nil {
			return true
		}
		info, ok := baseline.run.Scenario(id)
		if h.skipped(id) {
			return false
		}
		return !ok || b.asked(info) && a.selected(info, h.Scenarios, h.Engines, packages)
	}
	unbuilt, failures := b.failures()
	now := time.Now()
	s := &session{
		app: a, dir: dir, policy: policy, baseline: baseline,
		targets: targets,
		budget:  or(h.MaxRepeats, defaultMaxRepeats),
		run: &highwater.Run{
			Schema: highwater.Schema, ID: store.NewID(now), Tool: a.Name + " " + a.Version,
			Created: now.UTC().Truncate(time.Millisecond), Command: append([]string{a.Name}, a.Args...),
			Environment: env, Scenarios: append(infos(targets), unbuilt...), Measurements: failures,
		},
	}
	profiles, err := dir.Create(s.run.ID)
	if err != nil {
		return nil, err
	}
	s.options = measure.Options{
		Repeats: or(h.Repeats, 0), Timeout: or(h.Timeout, 0), MaxMemory: or(h.MaxMemory, 0),
		Time: or(h.Time, 0), MemoryTime: or(h.MemoryTime, 0), Jobs: or(h.Jobs, 0), Dir: profiles,
	}
	return s, dir.Save(s.run)
}

// measure runs all scenarios, and then more repeats of what the judgement left
// open, until it is settled or the budget is spent. It returns the judgement of
// what was measured, also when ctx ended before all was.
func (s *session) measure(ctx context.Context, quiet, verbose bool) (*highwater.Report, error) {
	var show *progress
	if !quiet {
		show = newProgress(s.app.Stderr)
	}
	s.options.Progress = func(p measure.Progress) {
		if s.options.Output == nil || p.Repeat > 0 { // a command's own output is to be read
			show.update(p)
		}
	}
	record := func(m highwater.Measurement) {
		s.record(m)
		if verbose && !quiet && show == nil {
			fmt.Fprintf(s.app.Stderr, "%s %s #%d: %s in %v\n", m.Scenario, m.Pass, m.Repeat+1, m.Outcome.Status, m.Duration.Round(time.Millisecond))
		}
	}
	err := measure.Run(ctx, s.targets, s.options, record)
	for err == nil {
		repeats := s.needed()
		if len(repeats) == 0 {
			break
		}
		err = measure.More(ctx, repeats, s.options, record)
	}
	show.end()
	if err != nil && !errors.Is(err, context.Canceled) {
		return nil, err
	}
	if err == nil {
		now := time.Now().UTC().Truncate(time.Millisecond)
		s.run.Finished = &now
	}
	s.save() // all in one file, also when interrupted
	if _, pruneErr := s.dir.Prune(keepRuns, keepBytes); pruneErr != nil && !quiet {
		s.app.warn("%v", pruneErr)
	}
	return s.judge(), s.saveErr
}

// needed lists the repeats that would settle what is inconclusive, within the
// budget.
func (s *session) needed() []measure.Repeat {
	var repeats []measure.Repeat
	for _, n := range gate.Needs(s.judge()) {
		i := slices.IndexFunc(s.targets, func(t target.Target) bool { return t.Info.ID() == n.Scenario })
		if i < 0 {
			continue
		}
		repeats = append(repeats, measure.Further(s.run, s.targets[i], n.Pass, n.Samples, s.budget)...)
	}
	return repeats
}

func (s *session) record(m highwater.Measurement) {
	if s.app.sparing && m.Repeat > 0 && m.Outcome.Status == highwater.StatusOK {
		m.Sites, m.Retained, m.Allocated = nil, nil, nil
	}
	if n := len(s.targets); n > manyScenarios {
		if m.Repeat > 0 && m.Outcome.Status == highwater.StatusOK {
			m.Sites, m.Retained = nil, nil
		}
		m.Sites, m.Retained = fewer(m.Sites, n), fewer(m.Retained, n)
	}
	s.run.Measurements = append(s.run.Measurements, m)
	// A large file is not written after each of thousands of processes. What was
	// measured since is in the journal, which is read with it.
	if time.Since(s.saved) < mostSaving*s.took && s.dir.Append(s.run.ID, m) == nil {
		return
	}
	s.save()
}

// A run of more scenarios than these keeps fewer allocation sites of each, and
// those of its first repeat: all call stacks of 500 scenarios would make a Run file
// of 150 MB. The profiles beside it have everything.
const (
	manyScenarios = 100
	manySites     = 2000 // of all scenarios together
	fewFrames     = 16
)

// fewer leaves the largest sites, with the inner part of their stacks, which the
// fingerprint still is of as a whole.
func fewer(sites []highwater.Site, scenarios int) []highwater.Site {
	sites = slices.Clone(sites[:min(len(sites), max(manySites/scenarios, 2))])
	for i := range sites {
		sites[i].Stack = sites[i].Stack[:min(len(sites[i].Stack), fewFrames)]
	}
	return sites
}

// mostSaving is how much longer than the writing of the Run file at least passes
// until it is written again.
const mostSaving = 20

// save writes the Run file. Failing to does not end the measuring: the report
// is still to be had, and says so.
func (s *session) save() {
	begun := time.Now()
	defer func() { s.saved, s.took = time.Now(), time.Since(begun) }()
	if err := s.dir.Save(s.run); err != nil && s.saveErr == nil {
		s.saveErr = err
	}
}

func (s *session) judge() *highwater.Report {
	file, _ := s.dir.File(s.run.ID)
	return judge(stored{s.run, file, s.run.ID, filepath.Dir(file)}, s.baseline, s.policy)
}

// judge makes the report of a stored run.
func judge(run stored, baseline *stored, p gate.Policy) *highwater.Report {
	var base *highwater.Run
	if baseline != nil {
		base = baseline.run
	}
	p.Dir = run.dir
	p.Interleaved = base != nil && base.Source != nil && run.run.Source != nil
	r := gate.Judge(run.run, base, p)
	r.RunFile = run.file
	if baseline != nil {
		r.BaseName = baseline.name
	}
	return r
}

func infos(targets []target.Target) []highwater.ScenarioInfo {
	all := make([]highwater.ScenarioInfo, len(targets))
	for i, t := range targets {
		all[i] = t.Info
	}
	return all
}
