package gate

import (
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// Told is what a run tells of one scenario, for those who set runs side by side and
// judge none of them.
type Told struct {
	Scenario  highwater.ScenarioInfo
	Summaries map[string]highwater.Summary // by metric, as a judgement would have them
	// Unsupported are the metrics that could not be measured there, each with the reason.
	Unsupported map[string]string
	// Failed says how a process ended that did not end well, "" where all did.
	Failed string
}

// Tell returns what the runs, which are repeats of each other, tell of a scenario
// together. The description is that of the first that has it; none is the zero Told.
func Tell(runs []*highwater.Run, id string) Told {
	joined := &highwater.Run{}
	for _, r := range runs {
		if info, ok := r.Scenario(id); ok && len(joined.Scenarios) == 0 {
			joined.Scenarios = append(joined.Scenarios, info)
		}
		joined.Measurements = append(joined.Measurements, r.Of(id)...)
	}
	if len(joined.Scenarios) == 0 {
		return Told{}
	}
	s := newSide(joined, joined.Scenarios[0])
	t := Told{Scenario: s.info, Summaries: s.summaries, Unsupported: map[string]string{}}
	for _, m := range highwater.Metrics() {
		if why, ok := s.unsupported(m); ok {
			t.Unsupported[m.Name] = why
		}
	}
	if i := slices.IndexFunc(s.all, func(m highwater.Measurement) bool { return m.Outcome.Status != highwater.StatusOK }); i >= 0 {
		t.Failed = ended(s.all[i].Pass, s.all[i].Outcome.Status, s.all[i].Outcome.Detail)
	}
	return t
}

// Contrast compares a metric of a scenario in two places as the gate compares it with
// a baseline. Difference is here less there, whichever is better. The metric is as it
// applies to the scenario; see [highwater.Metric.For]. No statistics apply to a count;
// see [Counted].
func Contrast(m highwater.Metric, here, there highwater.Summary) stat.Comparison {
	m.HigherIsBetter = false
	return worse(m, here, there)
}

// LogContrast is [Contrast] of the logarithms: Difference is that of the ratio here over
// there, so that scenarios of different sizes can be held against each other. It is
// false where a value is not above zero, and has no logarithm.
func LogContrast(m highwater.Metric, here, there highwater.Summary) (stat.Comparison, bool) {
	size := math.Min(here.Center, there.Center)
	for _, s := range []highwater.Summary{here, there} {
		if len(s.Samples) == 0 || slices.Min(s.Samples) <= 0 {
			return stat.Comparison{}, false
		}
	}
	// A small spread of logarithms is the coefficient of variation.
	known := prior(m, size)
	known.SD /= size
	logs := func(s highwater.Summary) []float64 {
		values := slices.Clone(s.Samples)
		for i, v := range values {
			values[i] = math.Log(v)
		}
		return undisturbed(m, values, known.SD)
	}
	return known.Compare(logs(there), logs(here)), true
}
