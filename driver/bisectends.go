package driver

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/revision"
	"github.com/highwater-dev/highwater/internal/stat"
	"github.com/highwater-dev/highwater/internal/target"
)

// openEnds builds both ends and, unless an earlier invocation did, measures them and
// chooses what is searched for.
func (b *bisection) openEnds(ctx context.Context) error {
	last := len(b.line) - 1
	b.say("%s from %s to %s; building both ends", count(last, "commit"), b.line[0].Short(), b.line[last].Short())
	h := b.narrowed()
	var err error
	if b.ends, err = b.trees(ctx, 0, last); err != nil {
		return err
	}
	if err := b.app.buildSides(ctx, h, &b.o.options, b.ends); err != nil {
		return err
	}
	b.state.Builds += len(b.ends)
	var e highwater.Environment
	b.ends[0].built.fits(&e)
	// Another architecture is another one of all figures, as another release is.
	v := strings.TrimSpace(e.Go + " " + e.GOOS + "/" + e.GOARCH)
	if b.state.Go == "" {
		b.state.Go = v
	} else if v != b.state.Go {
		return fmt.Errorf("what was measured before was built with %s, and this is %s: begin anew with --fresh", b.state.Go, v)
	}
	if b.state.Subject == nil {
		if err := b.choose(ctx, h); err != nil {
			return err
		}
	}
	id := b.state.Subject.ID()
	for i, s := range b.ends {
		t, why := s.subject(*b.state.Subject)
		if why != "" {
			return fmt.Errorf("the %s end, %s, cannot be tested: %s", s.name, s.source, why)
		}
		if i == 0 {
			b.good = t
			continue
		}
		target.Equalise(&b.good, &t)
		b.works.put(last, &work{side: s, target: t})
	}
	m, _ := highwater.MetricByName(b.state.Metric)
	b.say("searching for a change of %s of %s: %s", b.state.Metric, id, differs(b.state.Ends[0], m))
	return nil
}

// trees are the source trees of two commits.
func (b *bisection) trees(ctx context.Context, good, bad int) (sides, error) {
	s := sides{{name: "good"}, {name: "bad"}}
	for i, commit := range []int{good, bad} {
		if err := s[i].checkOut(ctx, b.repo, b.line[commit].Commit()); err != nil {
			return s, err
		}
		s[i].module = moduleAbove(s[i].root)
		for _, n := range s[i].source.Notes {
			b.note(fmt.Sprintf("%s: %s", s[i].source, n))
		}
	}
	return s, nil
}

// narrowed are the settings once the scenario is known: nothing else is built or tried,
// and benchmarks make as many operations as at the ends.
func (b *bisection) narrowed() held {
	h, info := b.h, b.state.Subject
	if info == nil {
		return h
	}
	none, never := "", "^$"
	h.Packages, h.Scenarios, h.Bench = []string{info.Suite}, nil, &never
	if strings.HasPrefix(info.Name, "Benchmark") {
		var elements []string
		for e := range strings.SplitSeq(info.Name, "/") {
			// An @ is an underscore in the names of scenarios.
			elements = append(elements, "^"+strings.ReplaceAll(regexp.QuoteMeta(e), "_", "[_@]")+"$")
		}
		pattern := strings.Join(elements, "/")
		h.Bench, h.Tests, h.Examples = &pattern, &none, &none
		id, ops := info.ID(), info.Ops
		h.ops = func(other string) int {
			if other == id {
				return ops
			}
			return 0
		}
	}
	return h
}

// subject is the scenario in what was built of a side, or the reason why it is not there.
func (s *side) subject(info highwater.ScenarioInfo) (t target.Target, why string) {
	for _, t := range s.built.Targets {
		if t.Info.ID() != info.ID() {
			continue
		}
		if !t.Bench && (t.Info.Sessions != info.Sessions || t.Info.Ops != info.Ops) {
			return t, fmt.Sprintf("it has %s there, of %s, and is no more the same scenario", count(t.Info.Sessions, "session"), count(t.Info.Ops, "operation"))
		}
		return t, ""
	}
	for _, f := range s.built.Failed {
		if f.Package == info.Suite && (f.Name == "" || f.Name == info.Name) {
			return t, strings.TrimSuffix(f.Step+" failed: "+firstLine(f), ": ")
		}
	}
	return t, "it has no " + info.ID()
}

// chooseRepeats is how many processes of each pass tell what differs most.
const chooseRepeats = 2

// choose measures the ends, and takes the scenario and metric that differ most.
func (b *bisection) choose(ctx context.Context, h held) error {
	if err := b.app.pair(h, &b.o.options, b.ends); err != nil {
		return err
	}
	runs := [2]highwater.Run{}
	var all []measure.Side
	for i, s := range b.ends {
		targets := slices.DeleteFunc(slices.Clone(s.built.Targets), func(t target.Target) bool {
			return !b.o.wants(t) || !slices.ContainsFunc(b.ends[1-i].built.Targets, func(u target.Target) bool { return u.Info.ID() == t.Info.ID() })
		})
		for j := range targets {
			targets[j] = b.only(targets[j])
		}
		runs[i].Scenarios = infos(targets)
		all = append(all, measure.Side{Name: s.name, Targets: targets, Record: func(m highwater.Measurement) {
			runs[i].Measurements = append(runs[i].Measurements, m)
		}})
	}
	if len(runs[1].Scenarios) == 0 {
		return b.nothingShared()
	}
	b.say("measuring %s at both ends", count(len(runs[1].Scenarios), "scenario"))
	o := b.measuring()
	o.Repeats = chooseRepeats
	show := b.progress(&o)
	err := measure.Alternate(ctx, all, o)
	show.end()
	if err != nil {
		return err
	}
	b.state.Processes += len(runs[0].Measurements) + len(runs[1].Measurements)
	return b.pick(runs)
}

// wants reports whether a scenario is one of those that were named. Who names benchmarks is
// not looking for what has become worse in a memtest scenario beside them.
func (o *bisectOptions) wants(t target.Target) bool {
	benches, tests := o.said.Bench != nil, o.said.Tests != nil || o.said.Examples != nil
	if o.said.Scenarios != nil || !benches && !tests {
		return true
	}
	return benches && t.Bench || tests && t.Test
}

// only leaves the passes out that say nothing of the metric that was named.
func (b *bisection) only(t target.Target) target.Target {
	m, ok := highwater.MetricByName(b.o.metric)
	if !ok {
		return t
	}
	omit := map[highwater.Pass]string{}
	maps.Copy(omit, t.Info.Omit)
	for _, p := range highwater.Passes() {
		if p != m.Pass {
			omit[p] = "the search is for " + m.Name
		}
	}
	t.Info.Omit = omit
	return t
}

// nothingShared says why no scenario is in both ends.
func (b *bisection) nothingShared() error {
	for _, s := range b.ends {
		if len(s.built.Targets) == 0 && len(s.built.Failed) > 0 {
			return fmt.Errorf("the %s end, %s, cannot be tested: %w", s.name, s.source, s.built.Failed[0])
		}
	}
	return fmt.Errorf("no benchmark and no memtest scenario%s is in both ends, %s and %s: name ends that have it", among(b.h.Scenarios), b.ends[0].source, b.ends[1].source)
}

// pick takes what differs most, as far as that is sure.
func (b *bisection) pick(runs [2]highwater.Run) error {
	thresholds := b.h.rules.Thresholds()
	var trouble string
	for _, info := range runs[1].Scenarios {
		id := info.ID()
		for i, r := range runs {
			for _, m := range r.Of(id) {
				if m.Outcome.Status != highwater.StatusOK && trouble == "" {
					trouble = fmt.Sprintf("%s at the %s end: %s %s", id, b.ends[i].name, m.Outcome.Status, m.Outcome.Detail)
				}
			}
		}
		for _, m := range highwater.Metrics() {
			t := thresholds(id, m.Name)
			switch {
			case b.o.metric == "" && (t.IsZero() || m.Exact), b.o.metric != "" && m.Name != b.o.metric:
				continue
			case b.o.threshold != nil:
				t = *b.o.threshold
			case t.IsZero() && !m.Exact:
				return usagef("--metric %s: gates does not hold %s to anything; say with --threshold what counts, as in 5%%", m.Name, id)
			}
			good, bad := valuesOf(runs[0].Of(id), m), valuesOf(runs[1].Of(id), m)
			if len(good) == 0 || len(bad) == 0 {
				continue
			}
			allowed := m.Applied(t, info).Allowance(stat.Mean(good))
			m = m.For(info)
			b.state.Ends = append(b.state.Ends, difference(m, id, good, bad, allowed))
		}
	}
	if len(b.state.Ends) == 0 {
		if trouble != "" {
			return fmt.Errorf("nothing could be measured at both ends: %s", trouble)
		}
		return usagef("--metric %s: none of the scenarios has it at both ends", b.o.metric)
	}
	slices.SortStableFunc(b.state.Ends, func(x, y bisect.Difference) int { return cmp.Compare(y.Over, x.Over) })
	b.adopt(runs, thresholds)
	return b.save()
}

// adopt makes the first of the differences what is searched for.
func (b *bisection) adopt(runs [2]highwater.Run, thresholds func(id, metric string) highwater.Threshold) {
	first := b.state.Ends[0]
	for _, info := range runs[1].Scenarios {
		if info.ID() == first.Scenario {
			info.Omit = nil
			b.state.Subject = &info
		}
	}
	metric, _ := highwater.MetricByName(first.Metric)
	t := thresholds(first.Scenario, first.Metric)
	if b.o.threshold != nil {
		t = *b.o.threshold
	}
	m := metric.For(*b.state.Subject)
	b.state.Metric = first.Metric
	b.state.Allowed = metric.Applied(t, *b.state.Subject).Allowance(first.Before)
	b.state.Spread = expected(m, first.Before, first.After)
	for _, one := range runs[0].Of(first.Scenario) {
		if one.PeakParts != nil {
			b.state.Rate = one.PeakParts.Rate
		}
	}
	last := b.line[len(b.line)-1]
	b.state.Measured = append(b.state.Measured, bisect.Measured{
		Commit: last.Hash, Subject: last.Subject,
		Values: valuesOf(runs[1].Of(first.Scenario), metric), Good: valuesOf(runs[0].Of(first.Scenario), metric),
	})
}

// valuesOf are the metric's, of processes that ended well.
func valuesOf(all []highwater.Measurement, m highwater.Metric) []float64 {
	var values []float64
	for _, one := range all {
		if v, ok := one.Values[m.Name]; ok && one.Pass == m.Pass && one.Outcome.Status == highwater.StatusOK && !math.IsNaN(v) && !math.IsInf(v, 0) {
			values = append(values, v)
		}
	}
	return values
}

// expected is what repeats of the metric are expected to differ by at that size, as the
// gate has it.
func expected(m highwater.Metric, good, bad float64) float64 {
	return max(m.PriorCV*max(math.Abs(good), math.Abs(bad)), m.PriorAbs)
}

// difference compares both ends.
func difference(m highwater.Metric, id string, good, bad []float64, allowed float64) bisect.Difference {
	d := bisect.Difference{Scenario: id, Metric: m.Name, Before: stat.Mean(good), After: stat.Mean(bad)}
	c := stat.Prior{SD: expected(m, d.Before, d.After), DF: gate.PriorDF}.Compare(good, bad)
	const level, sure = 0.95, 0.99
	if size := math.Abs(d.Before); size > 0 {
		i := c.Interval(level)
		d.Change, d.Low, d.High = c.Difference/size, i.Low/size, i.High/size
	}
	i := c.Interval(sure)
	least := i.Low
	if m.HigherIsBetter {
		least = -i.High
	}
	// Where nothing is allowed, whatever is sure counts.
	d.Over = least / max(allowed, expected(m, d.Before, d.After), 1e-6)
	if allowed > 0 {
		d.Over = least / allowed
	}
	return d
}

func differs(d bisect.Difference, m highwater.Metric) string {
	return fmt.Sprintf("%s at the good end, %s at the bad one", m.Format(d.Before), m.Format(d.After))
}

func commitOf(l revision.Logged) bisect.Commit {
	return bisect.Commit{Hash: l.Hash, Author: l.Author, Date: l.Date, Subject: l.Subject, Merge: len(l.Parents) > 1}
}
