package memtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/target"
)

// M is passed to a workload, as testing.B is to a benchmark.
type M = highwater.M

// T is the part of *testing.T that memtest uses.
type T interface {
	Helper()
	Name() string
	Context() context.Context
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	SkipNow()
}

// Run measures the workload and fails the test where it breaks a limit, has
// regressed or leaks, or where it could not be measured. The result is for
// assertions of the test's own.
//
// A test with several Runs tells them apart by [Name].
func Run(t T, body func(*M), options ...Option) *Result {
	t.Helper()
	return RunScenario(t, highwater.Scenario{Run: body}, options...)
}

// RunScenario is Run for a scenario that is there as a value, such as those of
// the suites. Options override what the scenario says.
func RunScenario(t T, s highwater.Scenario, options ...Option) *Result {
	t.Helper()
	c := config{scenario: s}
	for _, o := range options {
		o(&c)
	}
	if c.err != nil {
		t.Fatalf("memtest: %v", c.err)
	}
	c.identify(t.Name())
	if child.active {
		child.serve(t, c.scenario)
		return &Result{}
	}
	if why := unjudged(); why != "" {
		t.Logf("memtest: %s: the workload was run once, and no budget judged", why)
		if err := c.scenario.Execute(t.Context(), highwater.PassNatural, idle{}); err != nil {
			t.Errorf("memtest: %s: %v", c.scenario.ID(), err)
		}
		return &Result{}
	}
	r, err := c.measure(t.Context(), t.Name())
	if err != nil {
		t.Fatalf("memtest: %v", err)
	}
	r.report(t)
	return r
}

// identify gives the scenario the name under which results know it: the
// package's import path, the test's name, and what [Name] adds.
func (c *config) identify(test string) {
	s := &c.scenario
	if s.Suite == "" {
		s.Suite = packagePath()
	}
	switch {
	case s.Name == "":
		s.Name = test
	case c.named:
		s.Name = test + "/" + s.Name
	}
	if s.Doc == "" {
		s.Doc = test
	}
}

// packagePath is the import path of the package under test.
func packagePath() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Path != "" {
		return strings.TrimSuffix(strings.TrimSuffix(b.Path, ".test"), "_test")
	}
	return "test"
}

// measure runs the scenario in fresh processes of this test binary, and again
// where the judgement wants more repeats.
func (c *config) measure(ctx context.Context, test string) (*Result, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the test binary: %w", err)
	}
	baseline, err := c.loadBaseline()
	if err != nil {
		return nil, err
	}
	unlock, err := serialise(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()

	t := target.Target{
		Info: c.scenario.Info(), Path: exe, Env: c.scenario.Env,
		Args: []string{"-test.run=" + pattern(test), "-test.count=1", "-test.timeout=0"},
	}
	run := &highwater.Run{
		Schema: highwater.Schema, ID: "memtest", Tool: "memtest", Created: now(),
		Environment: measure.Environment(ctx), Scenarios: []highwater.ScenarioInfo{t.Info},
	}
	record := func(m highwater.Measurement) { run.Measurements = append(run.Measurements, m) }
	if err := measure.Run(ctx, []target.Target{t}, c.options, record); err != nil {
		return nil, err
	}
	judge := func() *highwater.Report { return gate.Judge(run, baseline, c.policy()) }
	report := judge()
	for {
		var more []measure.Repeat
		for _, n := range gate.Needs(report) {
			more = append(more, measure.Further(run, t, n.Pass, n.Samples, maxRepeats)...)
		}
		if len(more) == 0 {
			break
		}
		if err := measure.More(ctx, more, c.options, record); err != nil {
			return nil, err
		}
		report = judge()
	}
	finished := now()
	run.Finished = &finished
	r := &Result{Report: report, run: run}
	return r, c.updateBaseline(r)
}

// maxRepeats bounds the processes of a pass that may be spent on settling a
// doubt.
const maxRepeats = 10

// loadBaseline reads the baseline that NoRegression names. While it is being
// updated a missing one is none.
func (c *config) loadBaseline() (*highwater.Run, error) {
	if c.baseline == "" || updating() {
		return nil, nil
	}
	if _, err := os.Stat(c.baseline); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no baseline %s: make it with %s=1 go test -run '%s'", c.baseline, envUpdate, c.scenario.Name)
	}
	return store.LoadBaseline(c.baseline)
}
