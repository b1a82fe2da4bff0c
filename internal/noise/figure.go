package noise

import (
	"math"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/stat"
)

// State says whether the gate can keep the threshold in force.
type State string

// The states.
const (
	// Kept: a change of twice the threshold is found.
	Kept State = "kept"
	// Lost: it may pass, since the repeats surely differ too much.
	Lost State = "lost"
	// Open: that depends on how far the spread that was seen is the true one; more
	// repeats tell.
	Open State = "open"
	// Unjudged: no threshold is in force.
	Unjudged State = "unjudged"
)

// certainty is the confidence with which a spread is bounded, from below and from
// above.
const certainty = 0.95

// Figure is the noise of one metric of one scenario. Values are in the metric's
// unit. What does not exist, such as the spread of a single repeat, is nil.
type Figure struct {
	Metric string   `json:"metric"`
	N      int      `json:"n"`
	Mean   float64  `json:"mean"`
	SD     *float64 `json:"sd,omitempty"`
	// CV is SD over mean, a ratio. A mean below what the metric resolves has none.
	CV *float64 `json:"cv,omitempty"`
	// Worst is the distance of the repeat that is farthest from the median.
	Worst float64 `json:"worst"`

	State     State                `json:"state"`
	Threshold *highwater.Threshold `json:"threshold,omitempty"` // in force
	// Smallest is the smallest change for the worse that the gate finds in 95 of 100
	// cases under that threshold, with 95 % confidence in the spread.
	Smallest *float64 `json:"smallest_change,omitempty"`
	// Proposed is a threshold that can be kept, where another one than that in force
	// is proposed.
	Proposed *highwater.Threshold `json:"proposed,omitempty"`

	metric  highwater.Metric
	applied highwater.Threshold // Threshold for this scenario's sessions
}

// newFigure is of one scenario's metric. Thresholds are as they are written, and
// applied to the scenario for the arithmetic.
func newFigure(info highwater.ScenarioInfo, m highwater.Metric, values []float64, written highwater.Threshold, d gate.Design, tightest bool) Figure {
	t := m.Applied(written, info)
	m = m.For(info)
	f := Figure{Metric: m.Name, metric: m, N: len(values), Mean: stat.Mean(values), State: Unjudged}
	median := stat.Median(values)
	for _, v := range values {
		f.Worst = math.Max(f.Worst, math.Abs(v-median))
	}
	if f.N > 1 {
		f.SD = new(stat.SD(values))
		if f.sized() {
			f.CV = new(*f.SD / math.Abs(f.Mean))
		}
	}
	if gate.Counted(m) {
		// Any increase fails, so that every difference between repeats is one too
		// many.
		if m.Exact && f.Worst > 0 {
			f.State = Lost
		} else if m.Exact {
			f.State = Kept
		}
		return f
	}
	if t.IsZero() {
		return f
	}
	f.Threshold, f.applied, f.State = &written, t, Open
	if f.N < 2 {
		return f
	}
	allowed := t.Allowance(f.Mean)
	low, sd := stat.SDBounds(values, certainty)
	margin := d.Margin(m, f.Mean, sd, t)
	f.Smallest = new(allowed + margin)
	switch {
	case margin <= allowed:
		f.State = Kept
	case d.Margin(m, f.Mean, low, t) > allowed:
		f.State = Lost
	}
	if f.N >= Enough && (tightest || f.State != Kept) {
		margin := func(t highwater.Threshold) float64 { return d.Margin(m, f.Mean, sd, t) }
		if p := propose(m, f.Mean, margin, t, tightest); p != t {
			// Below the runtime's own nothing is ever told, whatever is written.
			p.Floor = math.Max(p.Floor, roundUp(m.RuntimeFloor(info), m))
			p.Floor = math.Round(p.Floor*m.Divisor(info)*1e6) / 1e6
			f.Proposed = &p
		}
	}
	return f
}

// sized reports whether the mean is large enough for a ratio of it to mean anything: more
// than the metric resolves, and than a tenth of what nobody is to be told of.
func (f Figure) sized() bool {
	return math.Abs(f.Mean) > math.Max(f.metric.PriorAbs, f.metric.Relative.Floor/10)
}

// Proposal is the proposed threshold as a person would write it.
func (f Figure) Proposal() string {
	if f.Proposed == nil {
		return ""
	}
	return Words(f.metric, *f.Proposed)
}

// floored reports whether the threshold's floor, and not its percentage, says how small
// a change may pass: the figure is much smaller than the floor was made for.
func (f Figure) floored() bool {
	t := f.applied
	return f.Threshold != nil && f.metric.Unit != highwater.UnitRatio && f.sized() && t.Floor > 2*t.Relative*math.Abs(f.Mean)
}

// shown reports whether a table has the figure unless all are asked for: what is not
// judged is left out, and counts that are the same each time.
func (f Figure) shown() bool {
	return f.State != Unjudged && (!gate.Counted(f.metric) || f.State != Kept)
}

// Spread words the coefficient of variation, or the deviation where there is none.
func (f Figure) Spread() string {
	switch {
	case f.CV != nil:
		return percent(*f.CV)
	case f.SD == nil:
		return "-"
	case *f.SD == 0:
		return "0"
	default:
		return "±" + f.metric.Format(*f.SD)
	}
}
