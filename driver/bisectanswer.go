package driver

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/revision"
	"github.com/highwater-dev/highwater/internal/target"
)

// answer makes the document of a search that is over.
func (b *bisection) answer(ctx context.Context, step bisect.Step) (bisect.Document, error) {
	var report *highwater.Report
	if step.Do == bisect.Found || step.Do == bisect.Undecided && step.High-step.Low == 1 {
		var err error
		if report, err = b.confirm(ctx, step); err != nil {
			return bisect.Document{}, err
		}
	}
	last := len(b.line) - 1
	s := b.state
	d := bisect.Document{
		Schema: bisect.DocumentSchema, Scenario: s.Subject.ID(), Metric: s.Metric,
		Good: commitOf(b.line[0]), Bad: commitOf(b.line[last]), Commits: last,
		Ends: s.Ends, Wanted: b.o.confidence, Steps: s.Measured, Skipped: s.Skipped,
		Builds: s.Builds, Processes: s.Processes, Notes: s.Notes,
	}
	m, _ := highwater.MetricByName(s.Metric)
	d.Unit, d.Threshold = m.Unit, b.threshold()
	d.Ends[0] = b.total(step)
	switch step.Do {
	case bisect.Nothing:
		d.Verdict = bisect.VerdictNothing
		d.Conclusion = fmt.Sprintf("nothing to find: from %s to %s the difference of %s is %s, and less than %s counts", d.Good.Short(), d.Bad.Short(), s.Metric, words(d.Ends[0]), d.Threshold)
	case bisect.Improved:
		d.Verdict = bisect.VerdictImproved
		d.Conclusion = fmt.Sprintf("nothing to find: %s is the better one, the difference of %s is %s", d.Bad.Short(), s.Metric, words(d.Ends[0]))
	case bisect.TooNoisy:
		d.Verdict = bisect.VerdictTooNoisy
		d.Conclusion = fmt.Sprintf("not to be decided: %s scatters too much to tell %s from %s, the difference is %s", s.Metric, d.Good.Short(), d.Bad.Short(), words(d.Ends[0]))
		d.Next = append(d.Next, b.app.Name+" noise says which metrics are steady here; name one with --metric, or longer runs with --benchtime")
	default:
		b.locate(&d, step, report)
	}
	d.Took = (b.spent + time.Since(b.begun)).Round(time.Millisecond)
	return d, nil
}

// locate fills in where the change lies.
func (b *bisection) locate(d *bisect.Document, step bisect.Step, report *highwater.Report) {
	first, before := commitOf(b.line[step.High]), commitOf(b.line[step.Low])
	d.First, d.Before, d.Confidence = &first, &before, step.Confidence
	for i := step.Low + 1; i < step.High; i++ {
		d.Between = append(d.Between, commitOf(b.line[i]))
	}
	confirmed := b.changed(d, report)
	switch one := first.Short(); {
	case step.Do == bisect.Undecided && step.High-step.Low > 1:
		d.Verdict = bisect.VerdictUndecided
		d.Conclusion = fmt.Sprintf("not decided: the first bad commit is one of the %d behind %s and up to %s, and %s scatters too much to tell them apart", step.High-step.Low, before.Short(), one, b.state.Metric)
	case confirmed == highwater.VerdictError:
		d.Verdict = bisect.VerdictUnconfirmed
		d.Conclusion = fmt.Sprintf("not decided: the search came to %s, and measured against %s it does not surely differ", one, before.Short())
	case confirmed == highwater.VerdictWarn:
		d.Verdict = bisect.VerdictSpread
		d.Conclusion = fmt.Sprintf("no commit on its own makes %s; the search came to %s, which makes %s of the %s", d.Threshold, one, words(*d.Change), words(d.Ends[0]))
	case step.High-step.Low > 1:
		d.Verdict = bisect.VerdictRange
		d.Conclusion = fmt.Sprintf("one of %d commits behind %s and up to %s is the first bad one; those between cannot be tested", step.High-step.Low, before.Short(), one)
	case step.Do == bisect.Undecided:
		d.Verdict = bisect.VerdictUndecided
		d.Conclusion = fmt.Sprintf("not decided: %s is the first bad commit with a confidence of %.2f, less than was asked for", one, step.Confidence)
	default:
		d.Verdict = bisect.VerdictFound
		d.Conclusion = fmt.Sprintf("%s is the first bad commit: %s %s", one, b.state.Metric, words(*d.Change))
	}
	b.rest(d)
	if first.Merge && d.Verdict == bisect.VerdictFound {
		b.merged(d, b.line[step.High])
	}
}

// changed fills in what the comparison of the commit with the one before it says, and
// returns fail where it is over the threshold, warn where it is real, and error where
// it is not sure.
func (b *bisection) changed(d *bisect.Document, report *highwater.Report) highwater.Verdict {
	if report == nil {
		return highwater.VerdictPass // nothing was compared
	}
	for _, row := range report.Rows {
		for _, f := range row.Findings {
			if f.Metric != b.state.Metric || f.Check != gate.CheckBaseline || f.Observed == nil || f.Reference == nil {
				continue
			}
			d.Change = &bisect.Difference{
				Scenario: d.Scenario, Metric: f.Metric, Before: f.Reference.Center, After: f.Observed.Center,
				Change: f.Change, Low: f.ChangeLow, High: f.ChangeHigh,
			}
			d.Findings = append(d.Findings, f)
			m, _ := highwater.MetricByName(f.Metric)
			worse := f.ChangeLow > 0 || m.HigherIsBetter && f.ChangeHigh < 0
			large := math.Abs(d.Change.After-d.Change.Before) >= b.threshold().Allowance(d.Change.Before)
			switch {
			case f.Verdict == highwater.VerdictFail || worse && large:
				return highwater.VerdictFail
			case worse:
				return highwater.VerdictWarn
			}
			return highwater.VerdictError
		}
	}
	return highwater.VerdictError
}

// rest says what the commit does not account for.
func (b *bisection) rest(d *bisect.Document) {
	if d.Change == nil || d.Verdict != bisect.VerdictFound && d.Verdict != bisect.VerdictRange {
		return
	}
	const most = 0.9
	total := d.Ends[0].After - d.Ends[0].Before
	part := d.Change.After - d.Change.Before
	if total == 0 || part/total >= most {
		return
	}
	d.Notes = append(slices.Clip(d.Notes), fmt.Sprintf("it accounts for %.0f %% of the whole difference, %s: other commits changed it, too", 100*part/total, words(d.Ends[0])))
	d.Next = append(
		d.Next,
		fmt.Sprintf("%s bisect --good %s --bad %s, for what came before", b.app.Name, d.Good.Short(), d.Before.Short()),
		fmt.Sprintf("%s bisect --good %s --bad %s, for what came after", b.app.Name, d.First.Short(), d.Bad.Short()),
	)
}

// merged says how to look into a merge.
func (b *bisection) merged(d *bisect.Document, l revision.Logged) {
	short := func(hash string) string { return bisect.Commit{Hash: hash}.Short() }
	for _, parent := range l.Parents[1:] {
		base, err := b.repo.MergeBase(context.Background(), l.Parents[0], parent)
		if err == nil && base != parent {
			d.Next = append(d.Next, fmt.Sprintf("it is a merge; %s bisect --good %s --bad %s looks into what it brought", b.app.Name, short(base), short(parent)))
		}
	}
}

// total is the difference of the ends, from all that was measured of them.
func (b *bisection) total(step bisect.Step) bisect.Difference {
	d := b.state.Ends[0]
	m, _ := highwater.MetricByName(d.Metric)
	change := step.Total
	d.Before, d.After = step.Base, step.Base+change.Difference
	const level = 0.95
	i := change.Interval(level)
	if m.HigherIsBetter {
		d.After, i.Low, i.High = step.Base-change.Difference, -i.High, -i.Low
	}
	if step.Base != 0 {
		d.Change, d.Low, d.High = (d.After-d.Before)/step.Base, i.Low/step.Base, i.High/step.Base
	}
	return d
}

func words(d bisect.Difference) string {
	m, _ := highwater.MetricByName(d.Metric)
	if d.Before == 0 {
		return fmt.Sprintf("%s → %s", m.Format(d.Before), m.Format(d.After))
	}
	return fmt.Sprintf("%+.1f %% (%+.1f to %+.1f %%)", 100*d.Change, 100*d.Low, 100*d.High)
}

// threshold is the one that the metric is held to.
func (b *bisection) threshold() highwater.Threshold {
	if b.o.threshold != nil {
		return *b.o.threshold
	}
	return b.h.rules.Thresholds()(b.state.Subject.ID(), b.state.Metric)
}

// confirm compares the two commits at the boundary as gates --base does, with its
// evidence.
func (b *bisection) confirm(ctx context.Context, step bisect.Step) (*highwater.Report, error) {
	b.say("measuring %s against %s once more", b.line[step.High].Short(), b.line[step.Low].Short())
	h := b.narrowed()
	s, err := b.trees(ctx, step.Low, step.High)
	defer s.close()
	if err != nil {
		return nil, err
	}
	s[0].name, s[1].name = "base", "head"
	if err := b.app.buildSides(ctx, h, &b.o.options, s); err != nil {
		return nil, err
	}
	var pair [2]target.Target
	for i, one := range s {
		t, why := one.subject(*b.state.Subject)
		if why != "" {
			return nil, fmt.Errorf("%s: %s", one.source, why)
		}
		pair[i] = t
	}
	target.Equalise(&pair[0], &pair[1])
	metric, _ := highwater.MetricByName(b.state.Metric)
	for i, one := range s {
		one.built.Targets, one.built.Failed = []target.Target{withoutCollector(pair[i], metric)}, nil
	}
	c, err := b.app.beginSides(ctx, h, s)
	if err != nil {
		return nil, err
	}
	p := &c.head.policy
	p.Limits = func(highwater.ScenarioInfo) []highwater.Limit { return nil }
	p.Known, p.AllowMismatch = nil, true // both are this machine's; what differs is the commit's
	p.Thresholds = func(_, name string) highwater.Threshold {
		if name == metric.Name {
			return b.threshold()
		}
		return highwater.Threshold{}
	}
	r, err := c.measure(ctx, b.o.quiet, b.o.verbose)
	if r == nil || err != nil || ctx.Err() != nil {
		return nil, errors.Join(err, ctx.Err())
	}
	b.state.Processes += len(r.Run.Measurements) + len(r.Baseline.Measurements)
	b.app.explain(ctx, r, s, &b.o.options)
	return r, ctx.Err()
}

// withoutCollector leaves the passes out that say nothing of the metric, nor of its lines.
func withoutCollector(t target.Target, metric highwater.Metric) target.Target {
	if metric.Pass == highwater.PassCollector {
		return t
	}
	omit := maps.Clone(t.Info.Omit)
	if omit == nil {
		omit = map[highwater.Pass]string{}
	}
	omit[highwater.PassCollector] = "the search is for " + metric.Name
	t.Info.Omit = omit
	return t
}
