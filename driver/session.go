package driver

import (
	"context"
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
	side     string // its name where it is one of two; "" alone
	dir      store.Dir
	run      *highwater.Run
	targets  []target.Target
	options  measure.Options
	policy   gate.Policy
	baseline *stored // nil: none
	budget   int     // processes of each pass
	later    int     // those of the runs that this will be the baseline of; 0: of none
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
	b.fits(&env)
	policy := a.policy(h)
	if h.MaxMemory != nil && !target.WatchesMemory {
		policy.Notes = append(policy.Notes, "the memory ceiling was not watched over: on "+env.GOOS+" a process may take what it wants (--max-memory is for Linux)")
	}
	var packages func(string) bool
	if len(h.Packages) > 0 {
		packages = b.packages(ctx, h.Packages)
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
			Created: now.UTC().Truncate(time.Millisecond), Command: a.commandLine(),
			Environment: env, Scenarios: append(infos(targets), unbuilt...), Measurements: failures,
		},
	}
	if h.lasting {
		s.later, s.budget = s.budget, or(h.MaxRepeats, baselineMaxRepeats)
	}
	profiles, err := dir.Create(s.run.ID)
	if err != nil {
		return nil, err
	}
	s.options = measure.Options{
		Repeats: or(h.Repeats, 0), Timeout: or(h.Timeout, 0), MaxMemory: or(h.MaxMemory, 0),
		Time: or(h.Time, 0), MemoryTime: or(h.MemoryTime, 0), Jobs: or(h.Jobs, 0), Dir: profiles,
		Compared: h.compared || baseline != nil,
	}
	return s, dir.Save(s.run)
}

// measure measures the session by itself; see [measureAll].
func (s *session) measure(ctx context.Context, quiet, verbose bool) (*highwater.Report, error) {
	return measureAll(ctx, []*session{s}, s.needed, quiet, verbose)
}

// needed lists the repeats that would settle what is inconclusive, here and in what
// the run will be the baseline of, within the budget.
func (s *session) needed() [][]measure.Repeat {
	if s.later > 0 {
		return further(gate.BaselineNeeds(s.judge(), s.policy.Thresholds, s.later, s.budget), s)
	}
	return further(gate.Needs(s.judge()), s)
}

func (s *session) record(m highwater.Measurement) {
	s.shorten(&m)
	s.run.Measurements = append(s.run.Measurements, m)
	// A large file is not written after each of thousands of processes. What was
	// measured since is in the journal, which is read with it.
	if time.Since(s.saved) < mostSaving*s.took && s.dir.Append(s.run.ID, m) == nil {
		return
	}
	s.save()
}

// shorten leaves out of a measurement what the Run file has no room for.
func (s *session) shorten(m *highwater.Measurement) {
	n := len(s.targets)
	if (s.app.sparing || n > manyScenarios) && m.Repeat > 0 && m.Outcome.Status == highwater.StatusOK {
		m.Sites, m.Retained, m.Allocated = nil, nil, nil
	}
	if n > manyScenarios {
		m.Sites, m.Retained = fewer(m.Sites, n), fewer(m.Retained, n)
	}
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
	return judge(stored{run: s.run, file: file, name: s.run.ID, dir: filepath.Dir(file)}, s.baseline, s.policy)
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
