package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// judge is one judgement under way.
type judge struct {
	run, base   *highwater.Run
	policy      Policy
	report      *highwater.Report
	rows        []*row
	comparisons []*comparison
}

// row is the row of a report under construction.
type row struct {
	judge  *judge
	id     string
	out    highwater.Row
	here   *side
	before *side // nil where the baseline does not have it
}

// add completes the finding and adds it to the row.
func (r *row) add(f highwater.Finding) {
	f.Scenario = r.id
	r.out.Findings = append(r.out.Findings, f)
}

func (r *row) note(format string, args ...any) {
	r.out.Notes = append(r.out.Notes, fmt.Sprintf(format, args...))
}

// Judge holds a run to the policy and compares it with the baseline, nil for
// none. Neither is changed. A run that holds nothing to judge is an error in the
// report, as everything else that keeps it from judging.
func Judge(run, baseline *highwater.Run, policy Policy) *highwater.Report {
	if run == nil {
		run = &highwater.Run{}
	}
	j := &judge{
		run: run, base: baseline, policy: policy,
		report: &highwater.Report{
			Run: run, Baseline: baseline, RunID: run.ID, Env: run.Environment,
			Verdict: highwater.VerdictPass, Rows: []highwater.Row{}, Findings: []highwater.Finding{}, Notes: slices.Clone(policy.Notes),
		},
	}
	j.scenarios()
	for _, r := range j.rows {
		r.outcomes()
		r.presence()
		r.limits()
	}
	if baseline != nil {
		j.report.BaseName = name(baseline)
		if run.Source != nil && baseline.Source != nil {
			j.report.Base, j.report.Head = baseline.Source, run.Source
		}
		j.compare()
	}
	for _, r := range j.rows {
		r.explain()
	}
	j.custom()
	j.known()
	j.conclude()
	if !policy.Part {
		Remind(policy.Known, policy.Now, j.report)
	}
	return j.report
}

// scenarios makes the rows.
func (j *judge) scenarios() {
	known := map[string]bool{}
	for _, info := range j.run.Scenarios {
		id := info.ID()
		if known[id] {
			j.fault(CheckPresence, fmt.Sprintf("scenario %s stands twice in the run", id), "give one of them another name or variant")
			continue
		}
		known[id] = true
		r := &row{judge: j, id: id, here: newSide(j.run, info)}
		r.out = highwater.Row{
			Scenario: info, Summaries: r.here.summaries, Limits: j.policy.limits(info), Findings: []highwater.Finding{},
			Footprint: r.here.footprint(), Seconds: r.here.seconds(), Notes: r.here.notes(),
		}
		if m := r.here.exact(); m != nil {
			r.out.Sites, r.out.PeakParts, r.out.SessionFit = heap.Places(m.Sites), m.PeakParts, m.SessionFit
			r.out.Profile = profilePath(j.policy.Dir, m.Profile)
		}
		j.rows = append(j.rows, r)
	}
	if len(j.rows) == 0 {
		j.fault(CheckPresence, "the run has no scenarios, so there is nothing to judge", "name what to measure with --scenario or a package pattern, and see --list")
	}
	strangers := map[string]bool{}
	for _, m := range j.run.Measurements {
		if !known[m.Scenario] && !strangers[m.Scenario] {
			strangers[m.Scenario] = true
			j.fault(CheckPresence, fmt.Sprintf("the run has measurements of %q, which it does not list", m.Scenario), "the run file is damaged; measure again")
		}
	}
}

// fault adds an error that is not bound to a row.
func (j *judge) fault(check, reason, hint string) {
	j.report.Findings = append(j.report.Findings, highwater.Finding{
		Check: check, Verdict: highwater.VerdictError, Reason: reason, Hint: hint,
	})
}

// conclude draws the verdicts of rows and report from the findings.
func (j *judge) conclude() {
	rep := j.report
	all := slices.Clone(rep.Findings)
	for _, f := range rep.Findings {
		rep.Verdict = highwater.Worse(rep.Verdict, f.Verdict)
	}
	for _, r := range j.rows {
		r.conclude()
		all = append(all, r.out.Findings...)
		rep.Verdict = highwater.Worse(rep.Verdict, r.out.Verdict)
		rep.Seconds += r.out.Seconds
		rep.Rows = append(rep.Rows, r.out)
	}
	j.policy.tellGivenUp(rep.Rows)
	rep.Exit = j.policy.exit(all)
	if wall := elapsed(j.run); wall > 0 {
		rep.Seconds = wall
	}
}

// elapsed is how long the run took by the clock, in seconds: processes that ran
// side by side count once.
func elapsed(run *highwater.Run) float64 {
	var end time.Time
	if run.Finished != nil {
		end = *run.Finished
	}
	for _, m := range run.Measurements {
		if t := m.Started.Add(m.Duration); run.Finished == nil && t.After(end) {
			end = t
		}
	}
	return end.Sub(run.Created).Seconds()
}

func (r *row) conclude() {
	judged := false
	r.out.Verdict = highwater.VerdictPass
	for i := range r.out.Findings {
		f := &r.out.Findings[i]
		if f.Command == "" && len(f.Evidence) > 0 && r.out.Profile != "" {
			f.Command = command("", r.out.Profile)
		}
		if f.Verdict == highwater.VerdictUnsupported && f.Limit == nil && f.Reference == nil {
			continue // listed, and nobody asked for it
		}
		judged = true
		r.out.Verdict = highwater.Worse(r.out.Verdict, f.Verdict)
	}
	if !judged {
		r.add(highwater.Finding{
			Check: CheckLimit, Verdict: highwater.VerdictUnjudged,
			Reason: "there is no limit and no baseline to hold it to",
			Hint:   "let highwater init write budgets, declare limits in the scenario or in highwater.yml, or save a baseline with highwater baseline save",
		})
		r.out.Verdict = highwater.VerdictUnjudged
	}
}

func name(run *highwater.Run) string {
	if run.Name != "" {
		return run.Name
	}
	return run.ID
}
