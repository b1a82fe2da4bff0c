package dashboard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// scenario is a row of the report with what its measurements add.
func (d *document) scenario(row *highwater.Row) scenario {
	info := row.Scenario
	id := info.ID()
	s := scenario{
		ID: report.Name(id), Suite: report.Name(info.Suite), Name: report.Name(info.Name), Variant: report.Name(info.Variant), Doc: report.Sentence(info.Doc),
		Verdict: string(row.Verdict), Sessions: info.Sessions, Ops: info.Ops, Seconds: round(row.Seconds), Values: []value{},
	}
	var ms, base []highwater.Measurement
	if d.report.Run != nil {
		ms = d.report.Run.Of(id)
	}
	if d.report.Baseline != nil {
		base = d.report.Baseline.Of(id)
	}
	for _, f := range row.Findings {
		// What passed says nothing that the figures do not.
		if f.Verdict != highwater.VerdictPass && f.Verdict != highwater.VerdictUnsupported {
			s.Findings = append(s.Findings, d.finding(f))
		}
	}
	for name, i := range d.metrics {
		if v, ok := d.value(row, name, ms, base); ok {
			v.Metric = i
			s.Values = append(s.Values, v)
		}
	}
	slices.SortFunc(s.Values, func(a, b value) int { return a.Metric - b.Metric })
	s.Share = shareOf(s.Values)
	s.Courses = d.courses(ms)
	s.Whole = d.wholes(row, d.report.Baseline, id)
	s.Flame = d.flame(row, ms, base)
	s.Soak = d.soaked(row, ms)
	for _, m := range ms {
		if m.Outcome.Status != highwater.StatusOK {
			s.Failed = append(s.Failed, outcome{failure(m), printed(m.Outcome.Stderr)})
		}
	}
	s.Lacks = lacks(row, ms)
	for _, n := range row.Notes {
		s.Notes = append(s.Notes, report.Sentence(n))
	}
	return s
}

// failure words how a process ended.
func failure(m highwater.Measurement) string {
	text := fmt.Sprintf("%s pass, repeat %d: %s", m.Pass, m.Repeat+1, m.Outcome.Status)
	if m.Outcome.Detail != "" {
		text += ": " + m.Outcome.Detail
	}
	return report.Sentence(text)
}

// printed are the last lines of what a process wrote.
func printed(stderr string) []string {
	const most = 12
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	if lines[0] == "" {
		return nil
	}
	var kept []string
	for _, l := range lines[max(len(lines)-most, 0):] {
		kept = append(kept, report.Sentence(l))
	}
	return kept
}

// value is what is known of one metric; false where nothing is, nor should be.
func (d *document) value(row *highwater.Row, name string, ms, base []highwater.Measurement) (value, bool) {
	var v value
	sum, known := row.Summaries[name]
	if known {
		v.Center, v.Low, v.High, v.N = number(sum.Center), number(sum.Low), number(sum.High), sum.N
		v.Samples = few(finite(sum.Samples), d.detail.samples)
		if len(v.Samples) == 0 {
			v.Samples = few(finite(samplesOf(ms, name)), d.detail.samples)
		}
	}
	for _, l := range row.Limits {
		if m, _ := highwater.MetricByName(name); l.Metric == name && !report.Unbreakable(m, l) {
			v.Limit, v.LimitWhy, known = number(l.Bound), report.Sentence(l.Reason), true
		}
	}
	verdict := highwater.Verdict("")
	for _, f := range row.Findings {
		if f.Metric != name {
			continue
		}
		known = true
		if verdict == "" {
			verdict = f.Verdict
		}
		verdict = highwater.Worse(verdict, f.Verdict)
		if f.Reference != nil {
			v.Base = number(f.Reference.Center)
		}
	}
	if verdict != highwater.VerdictPass {
		v.Verdict = string(verdict)
	}
	if all := finite(samplesOf(base, name)); len(all) > 0 {
		v.BaseSamples = few(all, d.detail.samples)
	}
	if row.Soak != nil && v.Center == nil {
		return v, false // a soak is told of as a whole, and has no such figures
	}
	if v.Center == nil {
		v.Lacks = whyNot(row, name, ms)
	}
	return v, known
}

func samplesOf(ms []highwater.Measurement, name string) []float64 {
	var all []float64
	for _, m := range ms {
		if x, ok := m.Values[name]; ok && m.Outcome.Status == highwater.StatusOK {
			all = append(all, x)
		}
	}
	return all
}

// whyNot is the reason why there is no value.
func whyNot(row *highwater.Row, name string, ms []highwater.Measurement) string {
	for _, m := range ms {
		if why := m.Unsupported[name]; why != "" {
			return report.Sentence(why)
		}
	}
	if why := row.Scenario.Lacks[name]; why != "" {
		return report.Sentence(why)
	}
	if m, ok := highwater.MetricByName(name); ok {
		if why := row.Scenario.Omit[m.Pass]; why != "" {
			return report.Sentence("the " + string(m.Pass) + " pass is left out: " + why)
		}
	}
	return "" // nobody says
}

// lacks lists what of the scenario was not measured, each with the reason.
func lacks(row *highwater.Row, ms []highwater.Measurement) []string {
	said := map[string]bool{}
	for _, pass := range slices.Sorted(maps.Keys(row.Scenario.Omit)) {
		said["the "+string(pass)+" pass is left out: "+row.Scenario.Omit[pass]] = true
	}
	for name, why := range row.Scenario.Lacks {
		said[name+": "+why] = true
	}
	for _, m := range ms {
		for name, why := range m.Unsupported {
			said[name+": "+why] = true
		}
		for name, why := range m.Incomplete {
			said[name+" may have been more: "+why] = true
		}
		if m.Soak != nil {
			for q, why := range m.Soak.Lacks {
				said[string(q)+": "+why] = true
			}
		}
	}
	var all []string
	for _, text := range slices.Sorted(maps.Keys(said)) {
		all = append(all, report.Sentence(text))
	}
	return all
}

// shareOf is the metric that has used up most of its budget. A limit of zero is kept or
// broken, and is no share.
func shareOf(vs []value) *share {
	var most *share
	for _, v := range vs {
		if v.Center == nil || v.Limit == nil || *v.Limit <= 0 {
			continue
		}
		if of := *v.Center / *v.Limit; most == nil || of > most.Of {
			most = &share{v.Metric, round(of)}
		}
	}
	return most
}
