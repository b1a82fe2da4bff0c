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
	"github.com/highwater-dev/highwater/internal/target"
)

// A comparison begins with few processes of each pass, since most benchmarks of a
// branch are as they were. What seems worse is measured again before it fails: so
// few say little of how much a benchmark scatters.
const (
	firstRepeats   = 2
	confirmRepeats = 4
)

// comparison measures two sides in turn, each into a Run of its own.
type comparison struct {
	base, head *session
}

// beginSides makes both runs on disk.
func (a *app) beginSides(ctx context.Context, h held, s sides) (*comparison, error) {
	before := s[0].built
	before.Failed = nil
	base, err := a.begin(ctx, h, s[0].built.Targets, before, nil)
	if err != nil {
		return nil, err
	}
	base.run.Name = s[0].source.String()
	a.unmeasured(base.run, s)
	stored := stored{run: base.run, file: "", name: base.run.Name, dir: filepath.Dir(base.options.Dir)}
	head, err := a.begin(ctx, h, s[1].built.Targets, s[1].built, &stored)
	if err != nil {
		return nil, err
	}
	head.policy.Selected = nil // the same was asked of both
	if !head.run.Created.After(base.run.Created) {
		head.run.Created = base.run.Created.Add(time.Millisecond) // latest is the head
	}
	for i, one := range []*session{base, head} {
		one.run.Source, one.run.Skipped = &s[i].source, s[i].skipped
		if s[i].tree != nil || s[i].source.Revision != "" {
			one.run.Environment.Revision, one.run.Environment.Dirty = s[i].source.Revision, s[i].source.Dirty
		}
		if s[i].tree != nil {
			one.run.Environment.Branch = ""
		}
		if one.options.Repeats == 0 {
			one.options.Repeats = firstRepeats
		}
		one.save()
	}
	return &comparison{base, head}, errors.Join(base.saveErr, head.saveErr)
}

// measure runs both sides, and then more repeats of both where the judgement is
// open, until it is settled or the budget is spent. It returns the judgement of
// what was measured, also when ctx ended before all was.
func (c *comparison) measure(ctx context.Context, quiet, verbose bool) (*highwater.Report, error) {
	app := c.head.app
	var show *progress
	if !quiet {
		show = newProgress(app.Stderr)
	}
	o := c.head.options
	o.Progress = show.update
	var both []measure.Side
	for i, s := range []*session{c.base, c.head} {
		name := [...]string{"base", "head"}[i]
		both = append(both, measure.Side{
			Name: name, Dir: s.options.Dir, Targets: s.targets,
			Record: func(m highwater.Measurement) {
				s.record(m)
				if verbose && !quiet && show == nil {
					fmt.Fprintf(app.Stderr, "%s %s %s #%d: %s in %v\n", name, m.Scenario, m.Pass, m.Repeat+1, m.Outcome.Status, m.Duration.Round(time.Millisecond))
				}
			},
		})
	}
	// What only the base has is listed as missing. Its figures say nothing.
	both[0].Targets = slices.DeleteFunc(slices.Clone(both[0].Targets), func(t target.Target) bool {
		_, there := c.head.run.Scenario(t.Info.ID())
		return !there
	})
	err := measure.Alternate(ctx, both, o)
	for err == nil {
		more := c.needed()
		if len(more[0])+len(more[1]) == 0 {
			break
		}
		err = measure.AlternateMore(ctx, both, more, o)
	}
	show.end()
	if err != nil && !errors.Is(err, context.Canceled) {
		return nil, err
	}
	if err == nil {
		now := time.Now().UTC().Truncate(time.Millisecond)
		c.base.run.Finished, c.head.run.Finished = &now, &now
		c.base.save()
		c.head.save()
	}
	if _, pruneErr := c.head.dir.Prune(keepRuns, keepBytes); pruneErr != nil && !quiet {
		app.warn("%v", pruneErr)
	}
	return c.head.judge(), errors.Join(c.base.saveErr, c.head.saveErr)
}

// needed lists the repeats that would settle what is inconclusive or confirm what
// failed, of both sides, within the budget.
func (c *comparison) needed() [][]measure.Repeat {
	report := c.head.judge()
	repeats := make([][]measure.Repeat, 2)
	for _, n := range append(gate.NeedsBoth(report), c.unconfirmed(report)...) {
		if settled(report, n.Scenario) {
			continue
		}
		for i, s := range []*session{c.base, c.head} {
			j := slices.IndexFunc(s.targets, func(t target.Target) bool { return t.Info.ID() == n.Scenario })
			if j >= 0 {
				repeats[i] = append(repeats[i], measure.Further(s.run, s.targets[j], n.Pass, n.Samples, s.budget)...)
			}
		}
	}
	return repeats
}

// settled reports whether a scenario has failed for certain, so that nothing more
// that is found out about it changes its verdict.
func settled(r *highwater.Report, id string) bool {
	for _, row := range r.Rows {
		if row.Scenario.ID() != id {
			continue
		}
		return slices.ContainsFunc(row.Findings, func(f highwater.Finding) bool {
			m, ok := highwater.MetricByName(f.Metric)
			return f.Verdict == highwater.VerdictFail &&
				(f.Check != gate.CheckBaseline || ok && gate.Counted(m) || f.Observed != nil && f.Observed.N >= confirmRepeats)
		})
	}
	return false
}

// unconfirmed are the failures that rest on few processes. A pass that is wanted
// for another reason too is not listed twice.
func (c *comparison) unconfirmed(r *highwater.Report) []gate.Need {
	var list []gate.Need
	open := gate.NeedsBoth(r)
	for _, row := range r.Rows {
		for _, f := range row.Findings {
			m, ok := highwater.MetricByName(f.Metric)
			if !ok || f.Verdict != highwater.VerdictFail || f.Check != gate.CheckBaseline || f.Observed == nil || gate.Counted(m) {
				continue
			}
			same := func(n gate.Need) bool { return n.Scenario == row.Scenario.ID() && n.Pass == m.Pass }
			if n := confirmRepeats - f.Observed.N; n > 0 && !slices.ContainsFunc(open, same) && !slices.ContainsFunc(list, same) {
				list = append(list, gate.Need{Scenario: row.Scenario.ID(), Pass: m.Pass, Samples: n})
			}
		}
	}
	return list
}
