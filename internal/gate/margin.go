package gate

import (
	"math"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// Found is the share of all cases in which a change of a threshold and its
// [Design.Margin] fails the gate.
const Found = 1 - missRate

// Design is how a comparison with a baseline is made.
type Design struct {
	Here, Baseline int // processes of a pass
	Comparisons    int // of the whole report; see [Family]
}

// Margin returns by how much a true change must exceed what its threshold allows,
// in the metric's unit, so that the gate finds it in the share [Found] of all cases.
// The metric has that mean, and its repeats are normal with the standard deviation
// sd. A threshold that allows less than the margin cannot be relied on: a change of twice its size
// may pass.
//
// It follows from the comparison that [Judge] makes, by the same prior and the same
// error rates.
func (d Design) Margin(m highwater.Metric, mean, sd float64, t highwater.Threshold) float64 {
	alpha := alarmRate / float64(max(d.Comparisons, 1))
	allowed, ratio := t.Allowance(mean), 0.0
	if allowed > t.Floor {
		ratio = t.Relative // of the baseline's own figure, which varies too
	}
	var margin float64
	// The prior is taken at the size of the larger side, which the margin is part
	// of; its share of that is small, so that few rounds settle it.
	for range 10 {
		before := margin
		size := math.Abs(mean) + allowed + margin
		margin = prior(m, size).Detectable(sd, ratio, d.Baseline, d.Here, alpha, Found)
		if !(math.Abs(margin-before) > 1e-3*margin) {
			break
		}
	}
	return margin
}

// Family is how many comparisons a report of the run has against a baseline of the
// same scenarios, under the thresholds, nil for the metrics' own: all of them share
// one false-alarm rate.
func Family(run *highwater.Run, thresholds func(id, metric string) highwater.Threshold) int {
	p := Policy{Thresholds: thresholds}
	n := 0
	for _, info := range run.Scenarios {
		for name := range Samples(run, info.ID()) {
			if m, _ := highwater.MetricByName(name); !Counted(m) && !p.threshold(info.ID(), m).IsZero() {
				n++
			}
		}
	}
	return n
}

// Samples are the values of every metric of a scenario that a judgement of the run
// would go by: those of the metric's own pass, from processes that ended well.
func Samples(run *highwater.Run, id string) map[string][]float64 {
	info, _ := run.Scenario(id)
	values := map[string][]float64{}
	for name, s := range newSide(run, info).summaries {
		values[name] = s.Samples
	}
	return values
}

// Counted reports whether the metric is a count, to which no statistics apply:
// what is there is there.
func Counted(m highwater.Metric) bool { return counted(m) }

// spreadLevel is the confidence with which a baseline's repeats differ no more than
// [BaselineNeeds] takes them to.
const spreadLevel = 0.8

// BaselineNeeds is [Needs] for the report of a run that is to become a baseline, to
// which nobody can add repeats later. It lists also what is too noisy to be compared
// with: as many more as it takes until that many repeats of a later run find a change of
// a threshold and as much again ([Design.Margin]), and no more than most in all.
func BaselineNeeds(r *highwater.Report, thresholds func(id, metric string) highwater.Threshold, later, most int) []Need {
	p := Policy{Thresholds: thresholds}
	d := Design{Here: later, Comparisons: Family(r.Run, thresholds)}
	settling := Needs(r)
	var list []Need
	for _, info := range r.Run.Scenarios {
		s := newSide(r.Run, info)
		more := map[highwater.Pass]int{}
		for _, n := range settling {
			if n.Scenario == info.ID() {
				more[n.Pass] = n.Samples
			}
		}
		for _, m := range highwater.Metrics() {
			summary, ok := s.summaries[m.Name]
			t := m.Applied(p.threshold(info.ID(), m), info)
			m = m.For(info)
			if !ok || counted(m) || t.IsZero() {
				continue
			}
			known := prior(m, summary.Center)
			// Half of all spreads that are seen are smaller than the true one.
			sd := known.Spread(undisturbed(m, summary.Samples, known.SD)) * stat.SDFactor(PriorDF+summary.N, spreadLevel)
			d.Baseline = summary.N
			for d.Baseline < most && d.Margin(m, summary.Center, sd, t) > t.Allowance(summary.Center) {
				d.Baseline++
			}
			more[m.Pass] = max(more[m.Pass], d.Baseline-summary.N)
		}
		for _, pass := range highwater.Passes() {
			if more[pass] > 0 {
				list = append(list, Need{info.ID(), pass, more[pass]})
			}
		}
	}
	return list
}
