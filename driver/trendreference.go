package driver

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/trend"
)

// historyPrefix begins the name of a baseline that is the recent history of a branch:
// history:main. Without a branch it is that of all.
const historyPrefix = "history:"

const (
	// historyBack is how far a reference may reach into the past.
	historyBack = 90 * 24 * time.Hour
	// leastRuns is how many runs a reference is made of at least: of fewer, nobody knows
	// how much runs differ.
	leastRuns = 3
)

// fromHistory makes a baseline of the recent results that were made under the conditions
// of here: for each scenario and metric the runs since its last step, each as one value.
func (a *app) fromHistory(ctx context.Context, branch string) (stored, error) {
	r, err := history.OpenExisting(ctx, a.dsn)
	if err != nil {
		return stored{}, err
	}
	defer r.Close()
	env := measure.Environment(ctx)
	q := history.Query{Module: env.Module, Since: time.Now().Add(-historyBack), Bare: true}
	if branch != "" {
		q.Branches = []string{branch}
	}
	all, err := r.Series(ctx, q)
	if err != nil {
		return stored{}, err
	}
	run := historyRun(env, all)
	name := strings.TrimSuffix(historyPrefix+branch, ":")
	if len(run.Scenarios) == 0 {
		return stored{}, fmt.Errorf("%s: %s has no figure of %d runs that were made under the conditions of here; `%s history list` lists what there is", name, r.Name(), leastRuns, a.Name)
	}
	run.Name = name
	return stored{run: run, name: name, dir: "."}, nil
}

// historyRun is a run of which each measurement is what an earlier run said of one
// metric. Series of other conditions than env's have no say, and where several branches
// have one, the first in their order does.
func historyRun(env highwater.Environment, all []highwater.Series) *highwater.Run {
	run := &highwater.Run{Schema: highwater.Schema, ID: "history", Tool: "highwater", History: true, Environment: env}
	seen := map[[2]string]bool{}
	for _, s := range all {
		m, known := highwater.MetricByName(s.Key.Metric)
		id := [2]string{s.Key.Scenario, s.Key.Metric}
		if !known || seen[id] || s.Key.Environment != gate.EnvironmentKey(env, s.Key.Metric) {
			continue
		}
		points := trend.Reference(s, trend.For(s.Key))
		if len(points) < leastRuns {
			continue
		}
		seen[id] = true
		if info, there := run.Scenario(s.Key.Scenario); !there {
			run.Scenarios = append(run.Scenarios, highwater.ScenarioInfo{Name: s.Key.Scenario, Sessions: s.Key.Sessions})
		} else if info.Sessions != s.Key.Sessions {
			continue // another number of sessions is another scenario
		}
		for i, p := range points {
			run.Measurements = append(run.Measurements, highwater.Measurement{
				Scenario: s.Key.Scenario, Pass: m.Pass, Repeat: i, Started: p.At,
				Outcome: highwater.Outcome{Status: highwater.StatusOK}, Values: map[string]float64{m.Name: p.Center},
			})
			if p.At.After(run.Created) {
				run.Created = p.At
			}
		}
	}
	return run
}
