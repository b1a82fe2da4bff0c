package noise

import (
	"slices"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
)

// Enough is how many repeats it takes to propose a threshold: with fewer the true
// spread may be more than 1.7 times what was seen.
const Enough = 10

// Options say what the noise is held to.
type Options struct {
	// Thresholds are those in force; nil means the metrics' own.
	Thresholds func(id, metric string) highwater.Threshold
	// Here and Baseline are how many processes of a pass the gate compares.
	Here, Baseline int
	// Tightest proposes the smallest threshold that can be kept, also where a larger
	// one is in force.
	Tightest bool
}

func (o Options) threshold(id string, m highwater.Metric) highwater.Threshold {
	if o.Thresholds != nil {
		return o.Thresholds(id, m.Name)
	}
	return m.Relative
}

// Schema is the version of a Sheet's JSON form.
const Schema = 1

// Sheet is what a run says of the noise.
type Sheet struct {
	Schema      int                   `json:"schema"`
	Run         string                `json:"run"`
	Created     time.Time             `json:"created"`
	Command     []string              `json:"command,omitempty"`
	Environment highwater.Environment `json:"environment"`

	Here        int  `json:"repeats_here"`     // that the gate would make
	Baseline    int  `json:"repeats_baseline"` // that its baseline would have
	Comparisons int  `json:"comparisons"`      // that a report would have
	Repeats     int  `json:"repeats"`          // the fewest of any figure below
	Own         bool `json:"own_thresholds"`   // some threshold in force is not the metric's default

	Scenarios []Scenario `json:"scenarios"`
	// Conclusion says in one sentence whether the thresholds can be kept here.
	Conclusion string `json:"conclusion"`
	Trusted    bool   `json:"trusted"`
}

// Scenario is the noise of one scenario.
type Scenario struct {
	ID      string   `json:"scenario"`
	Problem string   `json:"problem,omitempty"` // why it could not be measured
	Figures []Figure `json:"figures"`
}

// Analyse says how noisy a run is.
func Analyse(run *highwater.Run, o Options) Sheet {
	s := Sheet{
		Schema: Schema, Run: run.ID, Created: run.Created, Command: run.Command, Environment: run.Environment,
		Here: o.Here, Baseline: o.Baseline, Comparisons: gate.Family(run, o.Thresholds), Scenarios: []Scenario{},
	}
	d := gate.Design{Here: o.Here, Baseline: o.Baseline, Comparisons: s.Comparisons}
	for _, info := range run.Scenarios {
		sc := Scenario{ID: info.ID(), Problem: problem(run, info), Figures: []Figure{}}
		samples := gate.Samples(run, sc.ID)
		for _, m := range highwater.Metrics() {
			values := samples[m.Name]
			if len(values) == 0 {
				continue
			}
			t := o.threshold(sc.ID, m)
			s.Own = s.Own || t != m.Relative
			f := newFigure(info, m, values, t, d, o.Tightest)
			if s.Repeats == 0 || f.N < s.Repeats {
				s.Repeats = f.N
			}
			sc.Figures = append(sc.Figures, f)
		}
		s.Scenarios = append(s.Scenarios, sc)
	}
	s.conclude()
	return s
}

// problem says why a scenario's figures do not count, "" where they do. What the
// others yielded is still shown.
func problem(run *highwater.Run, info highwater.ScenarioInfo) string {
	all := run.Of(info.ID())
	for _, m := range all {
		if m.Outcome.Status != highwater.StatusOK {
			detail := m.Outcome.Detail
			if detail == "" {
				detail = string(m.Outcome.Status)
			}
			return "the process of the " + string(m.Pass) + " pass: " + detail
		}
	}
	for _, pass := range highwater.Passes() {
		if _, omitted := info.Omit[pass]; omitted {
			continue
		}
		if !slices.ContainsFunc(all, func(m highwater.Measurement) bool { return m.Pass == pass }) {
			return "the " + string(pass) + " pass was not measured"
		}
	}
	return ""
}

// each calls f for every figure, with its scenario.
func (s Sheet) each(f func(id string, figure Figure)) {
	for _, sc := range s.Scenarios {
		for _, one := range sc.Figures {
			f(sc.ID, one)
		}
	}
}

// Problems lists the scenarios that could not be measured.
func (s Sheet) Problems() []Scenario {
	var bad []Scenario
	for _, sc := range s.Scenarios {
		if sc.Problem != "" {
			bad = append(bad, sc)
		}
	}
	return bad
}
