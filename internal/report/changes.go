package report

import "github.com/highwater-dev/highwater"

// Change is a metric that is beyond its threshold, on either side, fit to be shown.
type Change struct {
	Kind             string // worse or better
	Scenario, Metric string
	Before, After    string
	Change           string
}

// Changes lists what became worse, the worst first, and then what became better.
func Changes(r *highwater.Report) []Change {
	var all []Change
	add := func(kind string, wanted func(problem) bool) {
		for _, p := range comparisons(r, wanted) {
			m, ok := highwater.MetricByName(p.Metric)
			if !ok {
				continue
			}
			all = append(all, Change{kind, name(p.Scenario), m.Title, m.Format(p.Reference.Center), m.Format(p.Observed.Center), change(p.Change)})
		}
	}
	add("worse", func(p problem) bool { return p.Verdict == highwater.VerdictFail || p.Known != "" })
	add("better", better)
	return all
}
