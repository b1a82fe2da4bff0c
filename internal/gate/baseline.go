package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

const saveAgain = "save the baseline again with highwater baseline save"

// remedy is what can be done about a baseline that does not fit, besides saving it
// again, which nobody can do to a revision.
func (p Policy) remedy(other string) string {
	if p.Interleaved {
		return other
	}
	return saveAgain + ", or " + other
}

// baseline names what the run is compared with.
func (j *judge) baseline() string {
	if j.policy.Interleaved {
		return "the base"
	}
	if j.base.History {
		return "the history"
	}
	return "baseline " + j.report.BaseName
}

// compare compares the run with the baseline.
func (j *judge) compare() {
	if len(j.rows) == 0 {
		return // an error already
	}
	shared := 0
	for _, r := range j.rows {
		if info, ok := j.base.Scenario(r.id); ok {
			if j.base.History {
				info.Ops = r.here.info.Ops // a series does not know how many there were
			}
			r.before = newSide(j.base, info)
			shared++
		}
	}
	// The first benchmarks of a program have no counterpart in an earlier revision of
	// it, and need not be a mistake.
	if shared == 0 && !j.policy.Interleaved {
		j.fault(CheckBaseline, fmt.Sprintf("baseline %s is of other scenarios: it has %s, and this run has %s",
			j.report.BaseName, ids(j.base.Scenarios), ids(j.run.Scenarios)), "name the right baseline, or "+saveAgain)
		return
	}
	if j.base.History {
		j.elsewhere()
	} else {
		j.missing()
	}
	j.report.Mismatches = Comparable(j.run.Environment, j.base.Environment)
	blocked := j.blocked()
	for _, r := range j.rows {
		if r.before == nil {
			r.add(highwater.Finding{
				Check: CheckBaseline, Verdict: highwater.VerdictNew,
				Reason: fmt.Sprintf("%s is new: %s does not have it", r.id, j.baseline()),
			})
			continue
		}
		r.compare(blocked)
	}
	j.decide()
}

// decide turns the comparisons into findings. Counts are exact, so chance has no
// part in them, and they do not count as comparisons.
func (j *judge) decide() {
	var ps []float64
	for _, c := range j.comparisons {
		if !counted(c.metric) {
			ps = append(ps, c.worse.PMore(c.allowed))
		}
	}
	adjusted := stat.Holm(ps)
	family := len(ps)
	for _, c := range j.comparisons {
		if counted(c.metric) {
			c.row.add(c.count())
			continue
		}
		c.row.add(c.finding(adjusted[0], family))
		adjusted = adjusted[1:]
	}
}

// missing lists the scenarios that only the baseline has.
func (j *judge) missing() {
	for _, info := range j.base.Scenarios {
		id := info.ID()
		if _, here := j.run.Scenario(id); here || !j.policy.selected(id) || j.unbuilt(info.Suite) {
			continue
		}
		j.report.Findings = append(j.report.Findings, highwater.Finding{
			Scenario: id, Check: CheckPresence, Verdict: highwater.VerdictMissing,
			Reason: fmt.Sprintf("%s is in %s and not in this run", id, j.baseline()),
			Hint:   "if it was removed on purpose, " + j.policy.remedy("accept it with --allow-missing"),
		})
	}
}

// elsewhere notes which scenarios only the history has. It has those of all runs, and does
// not know which belong to this one: none is missing.
func (j *judge) elsewhere() {
	var others []highwater.ScenarioInfo
	for _, info := range j.base.Scenarios {
		if _, here := j.run.Scenario(info.ID()); !here {
			others = append(others, info)
		}
	}
	if len(others) > 0 {
		j.report.Notes = append(j.report.Notes, fmt.Sprintf("the history has scenarios that this run has not: %s", ids(others)))
	}
}

// unbuilt reports whether no scenario of the suite could be started here. That is an
// error already, and says more than that its scenarios are not there.
func (j *judge) unbuilt(suite string) bool {
	found := false
	for _, r := range j.rows {
		if r.here.info.Suite != suite {
			continue
		}
		if found = !slices.ContainsFunc(r.here.all, func(m highwater.Measurement) bool {
			return m.Outcome.Status != highwater.StatusNoStart
		}) && len(r.here.all) > 0; !found {
			return false
		}
	}
	return found
}

// blocked tells for each metric that must not be compared in which conditions
// the two runs differ.
func (j *judge) blocked() map[string][]string {
	blocked := map[string][]string{}
	for i, mm := range j.report.Mismatches {
		if j.policy.AllowMismatch {
			// Metrics are those not compared, and now all are.
			j.report.Mismatches[i].Metrics = nil
			if mm.Metrics != nil {
				for _, r := range j.rows {
					r.note("compared with the baseline although they differ in %s (%s here, %s there)", mm.Condition, mm.Here, mm.Baseline)
				}
			}
			continue
		}
		for _, m := range mm.Metrics {
			blocked[m] = append(blocked[m], fmt.Sprintf("%s (%s here, %s there)", mm.Condition, mm.Here, mm.Baseline))
		}
	}
	return blocked
}

// compare pairs the scenario's metrics with the baseline's.
func (r *row) compare(blocked map[string][]string) {
	if r.broken() || r.sized() {
		return
	}
	var compared int
	var skipped []string
	for _, m := range highwater.Metrics() {
		t := m.Applied(r.judge.policy.threshold(r.id, m), r.here.info)
		m = m.For(r.here.info)
		if t.IsZero() && !m.Exact {
			continue
		}
		here, isHere := r.here.summaries[m.Name]
		ref, isThere := r.before.summaries[m.Name]
		switch {
		case !isHere && !isThere:
		case !isThere:
			r.unreferenced(m, here)
		case !isHere:
			r.absent(m, ref)
		case blocked[m.Name] != nil:
			skipped = blocked[m.Name]
		default:
			compared++
			r.judge.comparisons = append(r.judge.comparisons, newComparison(r, m, t, here, ref))
		}
	}
	if compared == 0 && skipped != nil {
		r.add(highwater.Finding{
			Check: CheckBaseline, Verdict: highwater.VerdictError,
			Reason: "nothing of it can be compared with the baseline, which was made under other conditions: " + strings.Join(skipped, ", "),
			Hint:   strings.Replace(r.judge.policy.remedy("compare all the same with --allow-mismatch"), saveAgain, saveAgain+" under these conditions", 1),
		})
	}
}

// broken reports whether the baseline could not measure the scenario at all, so that
// there is nothing to compare with. Why is in the run of the baseline, and here.
func (r *row) broken() bool {
	if !r.before.bad || len(r.before.good) > 0 {
		return false
	}
	for _, m := range r.before.all {
		if m.Outcome.Status == highwater.StatusOK {
			continue
		}
		if len(r.here.good) > 0 || !r.here.bad { // else why it failed here is the news
			r.add(highwater.Finding{
				Check: CheckBaseline, Verdict: highwater.VerdictError,
				Reason: fmt.Sprintf("there is nothing to compare it with, since %s could not measure it: %s", r.judge.baseline(), ended(m.Pass, m.Outcome.Status, m.Outcome.Detail)),
				Hint:   "make it run there, or compare with a revision in which it does",
			})
		}
		break
	}
	return true
}

// sized reports whether the scenario has another size than in the baseline, so
// that none of its figures mean the same.
func (r *row) sized() bool {
	here, there := r.here.info, r.before.info
	if here.Sessions == there.Sessions && here.Ops == there.Ops {
		return false
	}
	differ := fmt.Sprintf("%d sessions and %d operations here, %d and %d in the baseline", here.Sessions, here.Ops, there.Sessions, there.Ops)
	if r.judge.policy.AllowMismatch {
		r.note("compared with the baseline although it has %s", differ)
		return false
	}
	r.add(highwater.Finding{
		Check: CheckBaseline, Verdict: highwater.VerdictError,
		Reason: "it is not the scenario of the baseline any more: " + differ,
		Hint:   r.judge.policy.remedy("compare all the same with --allow-mismatch"),
	})
	return true
}

// unreferenced is a metric that this run has and the baseline has not.
func (r *row) unreferenced(m highwater.Metric, here highwater.Summary) {
	f := highwater.Finding{Metric: m.Name, Check: CheckBaseline, Verdict: highwater.VerdictNew, Observed: &here}
	_, omitted := r.before.info.Omit[m.Pass]
	why, unsupported := r.before.unsupported(m)
	switch {
	case omitted:
		f.Reason = fmt.Sprintf("%s is new: the baseline omits the %s pass", m.Name, m.Pass)
	case unsupported:
		f.Reason = fmt.Sprintf("%s is new: where the baseline was made it could not be measured: %s", m.Name, why)
	case m.Optional, r.before.info.Lacks[m.Name] != "":
		f.Reason = fmt.Sprintf("%s is new: the scenario did not have it when the baseline was made", m.Name)
	default:
		f.Verdict = highwater.VerdictError
		f.Reason = fmt.Sprintf("the baseline has no %s to compare with", m.Name)
		f.Hint = "the scenario was not measured well when the baseline was made; " + saveAgain
		if r.judge.policy.Interleaved {
			f.Hint = "the scenario was not measured well in the base; measure again"
		}
	}
	r.add(f)
}

// absent is a metric that the baseline has and this run has not.
func (r *row) absent(m highwater.Metric, ref highwater.Summary) {
	if why, omitted := r.here.info.Omit[m.Pass]; omitted {
		r.add(highwater.Finding{
			Metric: m.Name, Check: CheckPresence, Verdict: highwater.VerdictMissing, Reference: &ref,
			Reason: fmt.Sprintf("%s is in the baseline and not in this run, since the scenario now omits the %s pass: %s", m.Name, m.Pass, why),
			Hint:   "if that is on purpose, " + r.judge.policy.remedy("accept it with --allow-missing"),
		})
		return
	}
	if m.Optional || r.here.info.Lacks[m.Name] != "" {
		r.add(highwater.Finding{
			Metric: m.Name, Check: CheckPresence, Verdict: highwater.VerdictMissing, Reference: &ref,
			Reason: fmt.Sprintf("%s is in the baseline and not in this run", m.Name),
			Hint:   "if that is on purpose, " + r.judge.policy.remedy("accept it with --allow-missing"),
		})
		return
	}
	// Why it is absent is a finding already; that the baseline has it makes it
	// count.
	for i := range r.out.Findings {
		if f := &r.out.Findings[i]; f.Metric == m.Name && f.Check == CheckPresence {
			f.Reference = &ref
		}
	}
}

func ids(infos []highwater.ScenarioInfo) string {
	if len(infos) == 0 {
		return "none"
	}
	const most = 3
	var list []string
	for _, i := range infos[:min(most, len(infos))] {
		list = append(list, i.ID())
	}
	if more := len(infos) - most; more > 0 {
		list = append(list, fmt.Sprintf("%d more", more))
	}
	return strings.Join(list, ", ")
}
