package gate

import (
	"math"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// PriorDF is how many degrees of freedom a metric's prior spread is worth: as
// much as five repeats. With the usual two or three repeats the prior then weighs
// more than a spread that is small by luck, and with ten the measured spread
// decides. It is given and not estimated as in Smyth (2004), because a run has
// too few scenarios to estimate it from.
const PriorDF = 4

// intervalLevel is the confidence level of the intervals in a Summary.
const intervalLevel = 0.95

// side is what one run says of one scenario.
type side struct {
	info      highwater.ScenarioInfo
	all       []highwater.Measurement
	good      map[highwater.Pass][]highwater.Measurement // those that ended well
	bad       bool                                       // some did not
	summaries map[string]highwater.Summary
}

func newSide(run *highwater.Run, info highwater.ScenarioInfo) *side {
	s := &side{
		info: info, all: run.Of(info.ID()),
		good:      map[highwater.Pass][]highwater.Measurement{},
		summaries: map[string]highwater.Summary{},
	}
	for _, m := range s.all {
		if m.Outcome.Status == highwater.StatusOK {
			s.good[m.Pass] = append(s.good[m.Pass], m)
		} else {
			s.bad = true
		}
	}
	for _, m := range highwater.Metrics() {
		if values := s.values(m); len(values) > 0 {
			s.summaries[m.Name] = summarise(m.For(info), values)
		}
	}
	return s
}

// incomplete is why there may have been more than a value of the metric says, ""
// where all are whole.
func (s *side) incomplete(m highwater.Metric) string {
	for _, one := range s.good[m.Pass] {
		if why := one.Incomplete[m.Name]; why != "" {
			return why
		}
	}
	return ""
}

// values are the metric's, of its own kind of process and no other.
func (s *side) values(m highwater.Metric) []float64 {
	var values []float64
	for _, one := range s.good[m.Pass] {
		if v, ok := one.Values[m.Name]; ok && sane(v) {
			values = append(values, v)
		}
	}
	return values
}

// nonsense reports whether a process told a value of the metric that cannot be
// one.
func (s *side) nonsense(m highwater.Metric) bool {
	return slices.ContainsFunc(s.good[m.Pass], func(one highwater.Measurement) bool {
		v, ok := one.Values[m.Name]
		return ok && !sane(v)
	})
}

// unsupported returns why this platform cannot measure the metric, if it cannot.
func (s *side) unsupported(m highwater.Metric) (string, bool) {
	for _, one := range s.good[m.Pass] {
		if why, ok := one.Unsupported[m.Name]; ok {
			return why, true
		}
	}
	return "", false
}

// exact is the exact measurement with the highest peak, whose sites explain the
// scenario's memory. Without one that ended well it is one that did not and has
// sites nevertheless; nil where there is none.
func (s *side) exact() *highwater.Measurement {
	var best *highwater.Measurement
	good := s.good[highwater.PassExact]
	for i := range good {
		// A run of very many repeats keeps the sites of one of them.
		sited := len(good[i].Sites) > 0
		if best == nil || sited && len(best.Sites) == 0 ||
			good[i].Values[highwater.Peak] > best.Values[highwater.Peak] && (sited || len(best.Sites) == 0) {
			best = &good[i]
		}
	}
	for i := range s.all {
		if best == nil && s.all[i].Pass == highwater.PassExact && len(s.all[i].Sites) > 0 {
			best = &s.all[i]
		}
	}
	return best
}

// footprint returns the parts of the natural process with the largest footprint.
func (s *side) footprint() *highwater.FootprintParts {
	var parts *highwater.FootprintParts
	largest := math.Inf(-1)
	for _, m := range s.good[highwater.PassNatural] {
		if v := m.Values[highwater.Footprint]; m.Footprint != nil && v > largest {
			parts, largest = m.Footprint, v
		}
	}
	return parts
}

// counted reports whether the metric is a count, to which no statistics apply:
// what is there is there.
func counted(m highwater.Metric) bool { return m.Exact || m.Unit == highwater.UnitCount }

// differences are the metrics that are measured as a difference from what was
// there before, and may be a little under zero.
var differences = []string{highwater.Peak, highwater.Sustained, highwater.Retained, highwater.Growth, highwater.SessionCost, highwater.FixedCost}

func summarise(m highwater.Metric, values []float64) highwater.Summary {
	s := highwater.Summary{Metric: m.Name, Center: stat.Median(values), N: len(values), Samples: values}
	if counted(m) {
		s.Low, s.High = slices.Min(values), slices.Max(values)
		return s
	}
	i := prior(m, s.Center).Mean(values, intervalLevel)
	// The interval is that of the mean, which uses few repeats best, and the
	// figure shown is the median, which one stray repeat does not move. They are
	// the same for up to two repeats; for more the interval holds both.
	s.Low, s.High = math.Min(i.Low, s.Center), math.Max(i.High, s.Center)
	if !slices.Contains(differences, m.Name) {
		s.Low = math.Max(s.Low, math.Min(0, s.Center))
	}
	if m.Unit == highwater.UnitRatio {
		s.High = math.Min(s.High, math.Max(1, s.Center))
	}
	return s
}

// prior is the spread that repeats of the metric are expected to show at that
// size.
func prior(m highwater.Metric, size float64) stat.Prior {
	return stat.Prior{SD: math.Max(m.PriorCV*math.Abs(size), m.PriorAbs), DF: PriorDF}
}

// notes are those of all measurements, each once.
func (s *side) notes() []string {
	var notes []string
	for _, m := range s.all {
		for _, n := range m.Notes {
			if !slices.Contains(notes, n) {
				notes = append(notes, n)
			}
		}
	}
	return notes
}

func (s *side) seconds() float64 {
	var sum float64
	for _, m := range s.all {
		sum += m.Duration.Seconds()
	}
	return sum
}

// sane tells numbers that can be a figure of memory from those that only a
// damaged file holds, and whose squares would be infinite. No address space is
// near the bound.
func sane(v float64) bool { return math.Abs(v) < 1e24 }
