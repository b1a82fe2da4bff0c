package driver

import (
	"context"
	"errors"
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
const firstRepeats = 2

// comparison measures two sides in turn, each into a Run of its own.
type comparison struct {
	base, head *session
}

// beginSides makes both runs on disk.
func (a *app) beginSides(ctx context.Context, h held, s sides) (*comparison, error) {
	h.compared = true
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
	// What only the base has is listed as missing. Its figures say nothing.
	base.targets = slices.DeleteFunc(slices.Clone(base.targets), func(t target.Target) bool {
		_, there := head.run.Scenario(t.Info.ID())
		return !there
	})
	for i, one := range []*session{base, head} {
		one.side = s[i].name
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

// measure measures both sides in turn; see [measureAll].
func (c *comparison) measure(ctx context.Context, quiet, verbose bool) (*highwater.Report, error) {
	return measureAll(ctx, []*session{c.base, c.head}, c.needed, quiet, verbose)
}

// needed lists the repeats that would settle what is inconclusive or confirm what
// failed, of both sides, within the budget.
func (c *comparison) needed() [][]measure.Repeat {
	return further(gate.NeedsBoth(c.head.judge(), c.head.policy), c.base, c.head)
}
