package dashboard

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
)

// documentOf brings everything together.
func documentOf(in Input, d detail) *document {
	r := in.Report
	around := report.AroundOf(r)
	doc := &document{
		Verdict: string(r.Verdict), Tally: around.Tally, Run: report.Name(r.RunID), Against: around.Against,
		Metrics: []metric{}, Scenarios: []scenario{}, Brief: []brief{}, Loud: []remark{}, Frames: []string{}, Results: []result{}, Thinned: []string{},
		NoHistory: report.Sentence(in.NoHistory),
		About:     about{around.Environment, around.Reproduce, around.Differs, around.Unmeasured, around.Unjudged, around.Notes},
		numbers:   map[string]int{}, runs: map[string]int{}, metrics: map[string]int{}, left: map[string]bool{}, detail: d, report: r,
	}
	doc.Commit, doc.Branch = report.Commit(r.Env.Revision), report.Name(r.Env.Branch)
	if r.Env.Dirty && doc.Commit != "" {
		doc.Commit += " with changes"
	}
	if r.Run != nil {
		doc.Created, doc.CutShort = r.Run.Created.Unix(), r.Run.Finished == nil
	}
	doc.Title = "highwater"
	if m := report.Name(r.Env.Module); m != "" {
		doc.Title = m
	}
	doc.columns(in)
	doc.results(in.History)
	for i := range r.Rows {
		doc.Scenarios = append(doc.Scenarios, doc.scenario(&r.Rows[i]))
	}
	doc.absent()
	doc.history(in.History)
	doc.advise(in.Advice)
	doc.brief()
	return doc
}

// columns are the metrics that anything has a value of, or should have.
func (d *document) columns(in Input) {
	used := map[string]bool{}
	for _, row := range in.Report.Rows {
		for name := range row.Summaries {
			used[name] = true
		}
		for _, f := range row.Findings {
			used[f.Metric] = true
		}
		for _, l := range row.Limits {
			used[l.Metric] = true
		}
	}
	for _, t := range in.History {
		used[t.Series.Key.Metric] = true
	}
	add := func(m metric) {
		d.metrics[m.Name] = len(d.Metrics)
		m.Name = report.Name(m.Name)
		d.Metrics = append(d.Metrics, m)
	}
	for _, m := range highwater.Metrics() {
		if used[m.Name] {
			add(metric{m.Name, m.Title, string(m.Unit), m.Doc, m.HigherIsBetter})
			delete(used, m.Name)
		}
	}
	// What a newer version has measured is shown by its name.
	var others []string
	for name := range used {
		if name != "" {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		add(metric{Name: name, Title: report.Name(name)})
	}
}

// absent adds what the run has not, and says what is wrong with all of it.
func (d *document) absent() {
	for _, f := range d.report.Findings {
		id := report.Name(f.Scenario)
		known := slices.ContainsFunc(d.Scenarios, func(s scenario) bool { return s.ID == id })
		if f.Scenario != "" && !known {
			s := scenario{ID: id, Name: id, Verdict: string(f.Verdict), Values: []value{}}
			s.Findings = append(s.Findings, d.finding(f))
			d.Scenarios = append(d.Scenarios, s)
			continue
		}
		if f.Verdict != highwater.VerdictPass {
			d.Loud = append(d.Loud, remark{string(f.Verdict), report.Sentence(f.Reason), report.Sentence(f.Hint)})
		}
	}
	if d.CutShort {
		d.Loud = append(d.Loud, remark{string(highwater.VerdictError), "the run was cut short: what it had measured by then is all there is", "measure again"})
	}
	if len(d.Scenarios) == 0 {
		d.Loud = append(d.Loud, remark{string(highwater.VerdictError), "the run has no scenario", "name what to measure with --scenario"})
	}
}

// brief lists what to look at first.
func (d *document) brief() {
	for i, s := range d.Scenarios {
		rank := slices.Index([]string{"fail", "error", "missing", "inconclusive", "warn"}, s.Verdict)
		if rank < 0 {
			continue
		}
		b := brief{Kind: s.Verdict, Scenario: i, Metric: -1, rank: rank}
		for _, f := range s.Findings {
			if f.Verdict == s.Verdict {
				b.Metric, b.Text = f.Metric, f.Reason
				break
			}
		}
		d.Brief = append(d.Brief, b)
	}
	for i, s := range d.Scenarios {
		// Metrics of one scenario tend to move together: they are one thing to look at.
		found := map[string]int{}
		for _, t := range s.Trends {
			for _, b := range d.urgent(t) {
				b.Scenario = i
				at, ok := found[b.Kind]
				switch {
				case !ok:
					found[b.Kind] = len(d.Brief)
					d.Brief = append(d.Brief, b)
				case b.rank < d.Brief[at].rank:
					b.More = d.Brief[at].More + 1
					d.Brief[at] = b
				default:
					d.Brief[at].More++
				}
			}
		}
	}
	slices.SortStableFunc(d.Brief, func(a, b brief) int { return cmp.Compare(a.rank, b.rank) })
	const most = 40
	if n := len(d.Brief); n > most {
		d.Brief = d.Brief[:most]
		d.thinned("of what to look at first, %d of %d are listed; the list of scenarios has all", most, n)
	}
}

// thinned notes that the page has not all of something.
func (d *document) thinned(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !d.left[text] {
		d.left[text] = true
		d.Thinned = append(d.Thinned, text)
	}
}

// frame is the number of a text that stands in many places.
func (d *document) frame(text string) int {
	n, ok := d.numbers[text]
	if !ok {
		n = len(d.Frames)
		d.numbers[text] = n
		d.Frames = append(d.Frames, text)
	}
	return n
}

// number is a value as the page has it: to six digits, nil where there is none.
func number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	v = round(v)
	return &v
}

func round(v float64) float64 {
	if v == math.Trunc(v) && math.Abs(v) < 1e6 {
		return v
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil {
		return v
	}
	return r
}

// finite are those of the values that are numbers, rounded.
func finite(vs []float64) []float64 {
	var kept []float64
	for _, v := range vs {
		if n := number(v); n != nil {
			kept = append(kept, *n)
		}
	}
	return kept
}
