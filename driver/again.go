package driver

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/matrix"
	"github.com/highwater-dev/highwater/internal/stability"
	"github.com/spf13/pflag"
)

// mostRuns is how many runs one report is made of.
const mostRuns = 1000

// judgeAgain judges a stored run by today's configuration. Against what, where no
// baseline is named, a report that was read says itself.
func (a *app) judgeAgain(_ context.Context, h held, run stored, base *stored) (*highwater.Report, error) {
	if isSoak(run.run) {
		if base != nil {
			return nil, usagef("%s is a soak, which is compared with nothing; leave --baseline out", run.name)
		}
		policy, err := a.soakPolicy(&soakOptions{}, h)
		if err != nil {
			return nil, err
		}
		return judgeSoak(run, policy), nil
	}
	if base != nil {
		return judge(run, base, a.policy(h)), nil
	}
	r := judge(run, run.against(), a.policy(h))
	if run.judged != nil {
		carry(r, run.judged.Report)
	}
	return r, nil
}

// against is what the report that was read compared with, nil for nothing.
func (s stored) against() *stored {
	if s.judged == nil || s.judged.Baseline == nil {
		return nil
	}
	return &stored{run: s.judged.Baseline, file: s.file, name: s.judged.Report.BaseName, dir: s.dir}
}

// carry takes over what only the two source trees could tell: which lines of the source
// are behind what a site allocates.
func carry(r, was *highwater.Report) {
	type key struct{ scenario, metric, site string }
	told := map[key]highwater.SiteChange{}
	for _, row := range was.Rows {
		for _, f := range row.Findings {
			for _, e := range f.Evidence {
				if e.Hunk != nil || e.Escape != "" {
					told[key{f.Scenario, f.Metric, e.Site.Fingerprint}] = e
				}
			}
		}
	}
	for i := range r.Rows {
		for k := range r.Rows[i].Findings {
			f := &r.Rows[i].Findings[k]
			for n := range f.Evidence {
				e := &f.Evidence[n]
				if t, ok := told[key{f.Scenario, f.Metric, e.Site.Fingerprint}]; ok && e.Hunk == nil {
					e.Hunk, e.Escape = t.Hunk, t.Escape
				}
			}
		}
	}
}

// addJudging adds the flags of what judges stored runs. It returns the baseline that they
// name, nil where they name none.
func (o *options) addJudging(flags *pflag.FlagSet) func() *string {
	baseline := flags.String("baseline", "", "compare with this `file`, directory or name of a saved baseline")
	o.add(flags, judgeFlags)
	o.addLabels(flags)
	o.common(flags)
	return func() *string {
		if !flags.Changed("baseline") {
			return nil
		}
		return baseline
	}
}

// judging is what stored runs are judged by, and where the report goes.
func (a *app) judging(ctx context.Context, o *options, baseline *string) (h held, places sinks, base *stored, err error) {
	if h, err = a.resolve(o); err != nil {
		return h, places, nil, err
	}
	if places, err = a.sinks(o); err != nil {
		return h, places, nil, err
	}
	base, err = a.reference(ctx, baseline)
	return h, places, base, err
}

// showAll renders one report of several stored runs.
func (a *app) showAll(ctx context.Context, o *options, refs []string, baseline *string) (int, error) {
	h, places, base, err := a.judging(ctx, o, baseline)
	if err != nil {
		return 0, err
	}
	r, err := a.merged(ctx, h, refs, base)
	if err != nil {
		return 0, err
	}
	return a.conclude(ctx, places, r, nil)
}

// merged judges the runs, each with its own baseline or with the one named, and makes
// one report of all. What cannot be read is an error in it.
func (a *app) merged(ctx context.Context, h held, refs []string, base *stored) (*highwater.Report, error) {
	var runs []stored
	var reports []*highwater.Report
	seen := map[string]bool{}
	for _, ref := range refs {
		run, err := a.find(ctx, ref)
		switch {
		case err != nil:
			a.complain(err)
			reports = append(reports, unreadable(ref, err))
		case run.run == nil:
			reports = append(reports, run.judged.Report)
		case len(snapshotsOf(run.run)) > 0 || traceOf(run.run) != nil:
			return nil, usagef("%s holds no measurements that are judged: it is reported on alone", ref)
		case seen[run.run.ID]: // a file and a copy of it
		default:
			seen[run.run.ID] = true
			runs = append(runs, run)
		}
	}
	// What changes the runs changes copies.
	sides := make([]matrix.Side, len(runs))
	bases := make([]*stored, len(runs))
	for i := range runs {
		run := *runs[i].run
		runs[i].run = &run
		sides[i] = matrix.Side{Name: runs[i].name, Run: &run}
		b := base
		if b == nil {
			b = runs[i].against()
		}
		if b != nil && !isSoak(&run) {
			c, r := *b, *b.run
			c.run = &r
			bases[i], sides[i].Baseline = &c, &r
		}
	}
	settled := matrix.Settle(sides)
	for i := range runs {
		r, err := a.judgeOne(h, runs, bases, i, settled)
		if err != nil {
			return nil, err
		}
		reports = append(reports, r)
	}
	h.remind(reports, settled)
	// Of the runs first: their environment is the one that is shown.
	slices.SortStableFunc(reports, func(x, y *highwater.Report) int { return order(x) - order(y) })
	r := matrix.Merge(reports)
	r.Notes = append(r.Notes, settled.Notes...)
	return r, nil
}

func order(r *highwater.Report) int {
	if r.Run == nil {
		return 1
	}
	return 0
}

// judgeOne judges one of several runs. What another one has is not missing in it.
func (a *app) judgeOne(h held, runs []stored, bases []*stored, i int, settled matrix.Settled) (*highwater.Report, error) {
	run := runs[i]
	if len(run.run.Scenarios) == 0 {
		// All of it stands in later runs, and was judged there.
		return &highwater.Report{Run: run.run, RunID: run.run.ID, Env: run.run.Environment, Verdict: highwater.VerdictPass}, nil
	}
	if isSoak(run.run) {
		policy, err := a.soakPolicy(&soakOptions{}, h)
		if err != nil {
			return nil, err
		}
		policy.Part, policy.Known = true, renamedLeaks(policy.Known, settled)
		limits := policy.Limits
		policy.Limits = func(info highwater.ScenarioInfo) []highwater.Limit { return limits(original(info, settled)) }
		return judgeSoak(run, policy), nil
	}
	p := renamed(a.policy(h), settled)
	p.Part = true
	p.Selected = func(id string) bool {
		return !slices.ContainsFunc(runs, func(other stored) bool {
			_, there := other.run.Scenario(id)
			return there
		})
	}
	r := judge(run, bases[i], p)
	if run.judged != nil {
		carry(r, run.judged.Report)
	}
	return r, nil
}

// remind says of all the reports together which known regressions are for nothing in them,
// or end soon: one may be for another job's run.
func (h held) remind(reports []*highwater.Report, s matrix.Settled) {
	now := time.Now()
	known := renamed(gate.Policy{Known: h.known()}, s).Known
	gate.Remind(known, now, reports...)
	stability.Remind(renamedLeaks(h.knownLeaks(), s), now, reports...)
}

// renamedLeaks lets the entries know scenarios by the names that the configuration has.
func renamedLeaks(known []stability.Known, s matrix.Settled) []stability.Known {
	known = slices.Clone(known)
	for i, k := range known {
		if matches := k.Matches; matches != nil {
			known[i].Matches = func(id string) bool { return matches(s.Original(id)) }
		}
	}
	return known
}

// original is the scenario as it was measured.
func original(info highwater.ScenarioInfo, s matrix.Settled) highwater.ScenarioInfo {
	if was := s.Original(info.ID()); was != info.ID() {
		for info.Variant != "" && info.ID() != was {
			info.Variant = info.Variant[:len(info.Variant)-1]
		}
	}
	return info
}

// renamed lets the policy know scenarios by the names under which the configuration
// knows them.
func renamed(p gate.Policy, s matrix.Settled) gate.Policy {
	if len(s.Was) == 0 {
		return p
	}
	limits, thresholds := p.Limits, p.Thresholds
	p.Limits = func(info highwater.ScenarioInfo) []highwater.Limit { return limits(original(info, s)) }
	p.Thresholds = func(id, metric string) highwater.Threshold { return thresholds(s.Original(id), metric) }
	p.Known = slices.Clone(p.Known)
	for i, k := range p.Known {
		if matches := k.Matches; matches != nil {
			p.Known[i].Matches = func(id string) bool { return matches(s.Original(id)) }
		}
	}
	return p
}

// unreadable is the report of a run that cannot be read: nothing of it is known, and
// nothing of it passes.
func unreadable(ref string, err error) *highwater.Report {
	return failed("presence", fmt.Sprintf("what %s was to hold is not known: %v", filepath.Base(ref), err),
		"see the log of the job that was to make it")
}

// failed is a report with nothing but the reason why there is no other.
func failed(check, reason, hint string) *highwater.Report {
	return &highwater.Report{
		Verdict: highwater.VerdictError, Exit: highwater.ExitError, Rows: []highwater.Row{},
		Findings: []highwater.Finding{{Check: check, Verdict: highwater.VerdictError, Reason: harmless(reason), Hint: hint}},
	}
}
