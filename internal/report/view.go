package report

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// group is the rows of one suite and variant, in the report's order.
type group struct {
	suite, variant string
	rows           []*highwater.Row
}

// title heads the group's table.
func (g group) title() string {
	if g.variant == "" {
		return g.suite
	}
	return strings.TrimSpace(g.suite + " @" + g.variant)
}

// groups gathers the report's rows by suite, and in it by variant.
func groups(r *highwater.Report) []group {
	var gs []group
	var suites []string
	for _, row := range gateRows(r) {
		s := row.Scenario
		at := slices.IndexFunc(gs, func(g group) bool { return g.suite == s.Suite && g.variant == s.Variant })
		if at < 0 {
			at, gs = len(gs), append(gs, group{suite: s.Suite, variant: s.Variant})
			if !slices.Contains(suites, s.Suite) {
				suites = append(suites, s.Suite)
			}
		}
		gs[at].rows = append(gs[at].rows, row)
	}
	slices.SortStableFunc(gs, func(a, b group) int {
		return cmp.Compare(slices.Index(suites, a.suite), slices.Index(suites, b.suite))
	})
	return gs
}

// problem is a finding that needs the reader's attention, with its row where it
// belongs to one.
type problem struct {
	highwater.Finding
	row *highwater.Row
}

// isProblem: those that need no attention are told of in a line each.
func isProblem(v highwater.Verdict) bool {
	switch v {
	case highwater.VerdictPass, highwater.VerdictNew, highwater.VerdictUnjudged, highwater.VerdictUnsupported:
		return false
	default:
		return true // also a verdict that only a third party knows
	}
}

// problems lists the findings that are not well, the worst first. Known regressions
// are apart, in [knowns].
func problems(r *highwater.Report) []problem {
	return sorted(r, func(f highwater.Finding) bool { return f.Known == "" && isProblem(f.Verdict) })
}

// apart leaves out the findings of soaks.
func apart(ps []problem) []problem {
	return slices.DeleteFunc(ps, func(p problem) bool { return p.row != nil && p.row.Soak != nil })
}

// knowns lists what failed and is accepted for a time.
func knowns(r *highwater.Report) []problem {
	return sorted(r, func(f highwater.Finding) bool { return f.Known != "" })
}

func sorted(r *highwater.Report, wanted func(highwater.Finding) bool) []problem {
	var ps []problem
	for _, f := range r.Findings {
		if wanted(f) {
			ps = append(ps, problem{Finding: f})
		}
	}
	for i := range r.Rows {
		for _, f := range r.Rows[i].Findings {
			if wanted(f) {
				ps = append(ps, problem{f, &r.Rows[i]})
			}
		}
	}
	slices.SortStableFunc(ps, func(a, b problem) int {
		return cmp.Or(
			worstFirst(a.Verdict, b.Verdict),
			cmp.Compare(gravity(b.Severity), gravity(a.Severity)),
			cmp.Compare(math.Abs(b.Change), math.Abs(a.Change)),
		)
	})
	return ps
}

// worstFirst orders verdicts. Those that only third parties know are equally
// bad, and go by name.
func worstFirst(a, b highwater.Verdict) int {
	switch aFirst, bFirst := highwater.Worse(a, b) == a, highwater.Worse(b, a) == b; {
	case aFirst && bFirst:
		return cmp.Compare(a, b)
	case aFirst:
		return -1
	default:
		return 1
	}
}

func gravity(s highwater.Severity) int {
	return slices.Index([]highwater.Severity{highwater.SeverityWarning, highwater.SeverityCritical}, s)
}

// command opens the profile behind the problem, "" where there is none.
func (p problem) command() string {
	if p.Command != "" || p.row == nil || p.row.Profile == "" {
		return clean(p.Command)
	}
	return clean("go tool pprof -sample_index=inuse_space " + shellQuote(p.row.Profile))
}

// about is the finding's kind besides its verdict: critical, live growth.
func (p problem) about() string {
	var words []string
	for _, w := range []string{string(p.Severity), string(p.Label)} {
		if w != "" {
			words = append(words, name(w))
		}
	}
	return strings.Join(words, ", ")
}

// printed is the end of what the scenario's process printed, where a finding is
// about how it ended.
func (p problem) printed(r *highwater.Report, lines int) []string {
	if p.Check != "outcome" || r.Run == nil {
		return nil
	}
	for _, m := range r.Run.Measurements {
		if m.Scenario == p.Scenario && m.Outcome.Status != highwater.StatusOK && strings.TrimSpace(m.Outcome.Stderr) != "" {
			return tail(m.Outcome.Stderr, lines)
		}
	}
	return nil
}

// sameEvidence is whether two findings of one scenario point at the same sites
// and the same profile.
func sameEvidence(a, b problem) bool {
	return len(b.Evidence) > 0 && a.Scenario == b.Scenario && a.command() == b.command() &&
		slices.EqualFunc(a.Evidence, b.Evidence, func(x, y highwater.SiteChange) bool {
			return x.Site.Fingerprint == y.Site.Fingerprint && x.Site.Where == y.Site.Where && x.Before == y.Before && x.After == y.After && (a.Metric == highwater.Allocs) == (b.Metric == highwater.Allocs)
		})
}

// part words an allocation site's part in a finding.
func part(f highwater.Finding, c highwater.SiteChange) (size, note string) {
	if f.Reference == nil && c.Before == 0 {
		return bytes(c.After), ""
	}
	before, after := bytes(c.Before), bytes(c.After)
	size = signedBytes(c.After - c.Before)
	if f.Metric == highwater.Allocs {
		m, _ := highwater.MetricByName(highwater.Allocs)
		before, after = m.Format(c.BeforeObjects), m.Format(c.AfterObjects)
		if size = m.Format(c.AfterObjects - c.BeforeObjects); c.AfterObjects > c.BeforeObjects {
			size = "+" + size
		}
	}
	if c.New {
		return size, "new"
	}
	return size, fmt.Sprintf("%s → %s", before, after)
}

// counts are the scenarios by verdict, those that are missing included.
func counts(r *highwater.Report) (total int, by map[highwater.Verdict]int) {
	by = map[highwater.Verdict]int{}
	for i := range r.Rows {
		by[r.Rows[i].Verdict]++
	}
	missing := map[string]bool{}
	for _, f := range r.Findings {
		if f.Verdict == highwater.VerdictMissing {
			missing[f.Scenario] = true
		}
	}
	by[highwater.VerdictMissing] += len(missing)
	for _, n := range by {
		total += n
	}
	return total, by
}

// tally words the counts, the worst first: 8 scenarios: 1 fail, 7 pass.
func tally(r *highwater.Report) string {
	total, by := counts(r)
	verdicts := slices.SortedFunc(maps.Keys(by), worstFirst)
	var words []string
	for _, v := range verdicts {
		if by[v] > 0 {
			words = append(words, fmt.Sprintf("%d %s", by[v], name(string(v))))
		}
	}
	if len(words) == 0 {
		return "no scenario"
	}
	return number(total, "scenario", "scenarios") + ": " + strings.Join(words, ", ")
}

// remark is a statement that holds for several scenarios.
type remark struct {
	text      string
	scenarios []string
}

type remarks []remark

func (rs *remarks) add(text, scenario string) {
	i := slices.IndexFunc(*rs, func(r remark) bool { return r.text == text })
	if i < 0 {
		i, *rs = len(*rs), append(*rs, remark{text: text})
	}
	if !slices.Contains((*rs)[i].scenarios, scenario) {
		(*rs)[i].scenarios = append((*rs)[i].scenarios, scenario)
	}
}

// remarkLine is a remark with some of the scenarios that it is about, fit to be shown.
func remarkLine(r remark) string {
	text := sentence(r.text)
	if all := slices.DeleteFunc(names(r.scenarios), func(n string) bool { return n == "" }); len(all) > 0 {
		text += " (" + some(all, 4) + ")"
	}
	return text
}

// asides are what a reader should know and need not act on: what was not
// measured and why, what was not judged, and notes on how far to trust figures.
func asides(r *highwater.Report) (unmeasured, unjudged, notes remarks) {
	byVerdict := func(scenario string, f highwater.Finding) {
		switch f.Verdict {
		case highwater.VerdictUnsupported:
			unmeasured.add(f.Reason, scenario)
		case highwater.VerdictNew, highwater.VerdictUnjudged:
			text := string(f.Verdict) + ": " + f.Reason
			if f.Hint != "" && f.Verdict == highwater.VerdictUnjudged {
				text += "; to have it judged, " + f.Hint
			}
			unjudged.add(text, scenario)
		}
	}
	for _, f := range r.Findings {
		byVerdict(f.Scenario, f)
	}
	for _, n := range r.Notes {
		notes.add(n, "")
	}
	if r.Run != nil {
		for _, s := range r.Run.Skipped {
			unmeasured.add("skipped: "+s.Reason, s.Scenario)
		}
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		id := row.Scenario.ID()
		omitted := slices.Sorted(maps.Keys(row.Scenario.Omit))
		if row.Scenario.Outside || row.Soak != nil {
			omitted = nil // a soak has none of the passes, and says itself what it could not see
		}
		if row.Scenario.Outside && row.Soak == nil {
			unmeasured.add("only a probe can tell what it holds and allocates (peak, sustained, allocs, gc and others): it is seen from outside, as a whole tree of processes", id)
		}
		for _, pass := range omitted {
			unmeasured.add(fmt.Sprintf("the %s pass is left out: %s", pass, row.Scenario.Omit[pass]), id)
		}
		for _, f := range row.Findings {
			byVerdict(id, f)
		}
		for _, n := range row.Notes {
			notes.add(n, id)
		}
	}
	return unmeasured, unjudged, notes
}

// differs words a condition in which run and baseline differ.
func differs(m highwater.Mismatch) (what, consequence string) {
	what = fmt.Sprintf("%s: %s here, %s in the baseline", m.Condition, m.Here, m.Baseline)
	switch {
	case len(m.Metrics) == 0:
		return what, "of no matter"
	case len(m.Metrics) == len(highwater.Metrics()):
		return what, "no metric is comparable"
	default:
		return what, strings.Join(m.Metrics, ", ") + " not comparable"
	}
}

// besides words the figures of a scenario that have no column, because most
// scenarios do not have them.
func besides(r *highwater.Report, row *highwater.Row) []string {
	var said []string
	if f := row.SessionFit; f != nil && len(f.Points) > 0 {
		said = append(said, fitted(f))
	}
	if text := outside(row); row.Scenario.Outside {
		if text != "" && !commands(r) {
			said = append(said, text)
		}
	} else if s, ok := row.Summaries[highwater.ChildMemory]; ok {
		said = append(said, fmt.Sprintf("its child processes reached %s together, which is in none of the other figures", bytes(int64(s.Center))))
	}
	return said
}

// names are those of scenarios, fit to be shown.
func names(raw []string) []string {
	var clean []string
	for _, r := range raw {
		clean = append(clean, name(r))
	}
	return clean
}
