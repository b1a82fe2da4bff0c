package stability

import (
	"fmt"
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
)

// judge is one judgement under way.
type judge struct {
	run    *highwater.Run
	policy Policy
	report *highwater.Report
}

// Judge holds the soaks of a run to the policy. The run is not changed. What keeps it
// from judging is an error in the report; a soak that ended early is judged by what was
// gathered.
func Judge(run *highwater.Run, policy Policy) *highwater.Report {
	if run == nil {
		run = &highwater.Run{}
	}
	j := &judge{
		run: run, policy: policy,
		report: &highwater.Report{
			Run: run, RunID: run.ID, Env: run.Environment, Verdict: highwater.VerdictPass,
			Rows: []highwater.Row{}, Findings: []highwater.Finding{}, Notes: slices.Clone(policy.Notes),
		},
	}
	if len(policy.Known) > 0 && policy.Now.IsZero() {
		j.fault(CheckKnown, "known leaks cannot be judged without the time, since they end", "this is a mistake of the program: its policy needs Now")
	}
	seen := map[string]bool{}
	for _, info := range run.Scenarios {
		id := info.ID()
		if seen[id] {
			j.fault(CheckOutcome, fmt.Sprintf("scenario %s stands twice in the run", id), "give one of them another name or variant")
			continue
		}
		seen[id] = true
		j.report.Rows = append(j.report.Rows, j.row(info, id))
	}
	if len(j.report.Rows) == 0 {
		j.fault(CheckOutcome, "the run has no scenarios, so there is nothing to judge", "name what to soak with --scenario, a package pattern, --pid or --url")
	}
	for _, m := range run.Measurements {
		if !seen[m.Scenario] {
			seen[m.Scenario] = true
			j.fault(CheckOutcome, fmt.Sprintf("the run has measurements of %q, which it does not list", m.Scenario), "the run file is damaged; soak again")
		}
	}
	if !policy.Part {
		Remind(policy.Known, policy.Now, j.report)
	}
	j.conclude()
	return j.report
}

// fault adds an error that is not bound to a row.
func (j *judge) fault(check, reason, hint string) {
	j.report.Findings = append(j.report.Findings, highwater.Finding{
		Check: check, Verdict: highwater.VerdictError, Reason: reason, Hint: hint,
	})
}

func (j *judge) conclude() {
	rep := j.report
	all := slices.Clone(rep.Findings)
	for _, row := range rep.Rows {
		all = append(all, row.Findings...)
		rep.Seconds += row.Seconds
	}
	for _, f := range all {
		rep.Verdict = highwater.Worse(rep.Verdict, f.Verdict)
	}
	rep.Exit = j.policy.exit(all)
	if j.run.Finished != nil {
		rep.Seconds = j.run.Finished.Sub(j.run.Created).Seconds()
	}
}

// row judges one scenario.
func (j *judge) row(info highwater.ScenarioInfo, id string) highwater.Row {
	r := &rower{judge: j, info: info, id: id}
	r.out = highwater.Row{Scenario: info, Summaries: map[string]highwater.Summary{}, Findings: []highwater.Finding{}}
	var soak *highwater.Measurement
	for _, m := range j.run.Of(id) {
		r.out.Seconds += m.Duration.Seconds()
		r.out.Notes = append(r.out.Notes, m.Notes...)
		r.outcome(m)
		if m.Soak != nil {
			soak = &m // the last one: what came before was begun again
		}
	}
	switch {
	case soak == nil && len(r.out.Findings) > 0: // why there is none has been said
	case soak == nil:
		r.add(highwater.Finding{
			Check: CheckOutcome, Verdict: highwater.VerdictError,
			Reason: "the run has no soak of it", Hint: "soak it with highwater stability; highwater gates judges other runs",
		})
	default:
		a := assess(soak.Soak, j.policy)
		r.checks(a)
		r.leftovers(soak.Leftovers)
		r.out.Soak = &a.SoakResult
	}
	r.out.Verdict = highwater.VerdictPass
	for i := range r.out.Findings {
		f := &r.out.Findings[i]
		j.excuse(f)
		r.out.Verdict = highwater.Worse(r.out.Verdict, f.Verdict)
	}
	return r.out
}

// rower is a row under construction.
type rower struct {
	*judge
	info highwater.ScenarioInfo
	id   string
	out  highwater.Row
}

func (r *rower) add(f highwater.Finding) {
	f.Scenario = r.id
	r.out.Findings = append(r.out.Findings, f)
}

func (r *rower) note(format string, args ...any) {
	r.out.Notes = append(r.out.Notes, fmt.Sprintf(format, args...))
}

// checks goes through them.
func (r *rower) checks(a *assessed) {
	r.soundness(a)
	r.leak(a)
	r.growth(a)
	r.budget(a)
	r.counts(a)
	r.blocked(a.view.soak)
	r.offHeap(a)
	r.slowDown(a)
}

// outcome says how the process ended, unless it ended well or was asked to.
func (r *rower) outcome(m highwater.Measurement) {
	switch {
	case m.Outcome.Status != highwater.StatusOK:
		f := highwater.Finding{Check: CheckOutcome, Verdict: highwater.VerdictError, Reason: "it could not be soaked"}
		if m.Soak != nil && len(m.Soak.Points) > 0 {
			f.Reason, f.Hint = "it ended before its time", "the tail of its output is kept in the run file; what was gathered until then is judged"
		}
		if m.Outcome.Detail != "" {
			f.Reason += ": " + m.Outcome.Detail
		}
		r.add(f)
	case m.Soak != nil && m.Soak.Ended != "":
		r.note("it ended before its time, after %s of %s: %s; what was gathered is judged",
			clock(seconds(lasted(m.Soak))), clock(m.Soak.Planned), m.Soak.Ended)
	}
}

func lasted(s *highwater.Soak) float64 {
	if len(s.Points) == 0 {
		return 0
	}
	return float64(s.Points[len(s.Points)-1].At) / float64(time.Second)
}

// soundness says what of the series cannot be used.
func (r *rower) soundness(a *assessed) {
	v := a.view
	if v.left > 0 || v.short > 0 {
		r.add(highwater.Finding{
			Check: CheckOutcome, Verdict: highwater.VerdictError,
			Reason: fmt.Sprintf("the soak is damaged: %s out of order, %s of another length than its points",
				counted(v.left, "point is", "points are"), counted(v.short, "series is", "series are")),
			Hint: "what is left is judged; soak again",
		})
	}
}

// leftovers fails what a scenario left behind after tear-down.
func (r *rower) leftovers(left []highwater.Leftover) {
	for _, l := range left {
		check, metric := CheckLeftovers, ""
		switch l.Kind {
		case "goroutine":
			metric = highwater.Goroutines
		case "fd":
			metric = highwater.FDs
		case "child":
			metric = highwater.Children
		}
		r.add(highwater.Finding{
			Check: check, Metric: metric, Verdict: highwater.VerdictFail, Severity: highwater.SeverityWarning,
			Reason: fmt.Sprintf("left over after tear-down: %d × %s, %s", l.Count, l.Kind, l.Detail),
			Hint:   "end it in the scenario's tear-down, or in what it tests",
		})
	}
}
