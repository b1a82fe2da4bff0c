package platforms

import (
	"math"

	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/stat"
)

const (
	// fewest is how many scenarios it takes to say which way they go.
	fewest = 4
	// smallest is how far a scenario must be from where the others go to be named, as a
	// logarithm of a ratio: a tenth.
	smallest = 0.0953
	// width is how many scaled MADs of the others it must be away from their median:
	// Iglewicz and Hoaglin, "How to detect and handle outliers" (1993).
	width = 3.5
)

// Typical is how the scenarios go from the first column to another: the median of their
// ratios, and its quartiles.
type Typical struct {
	Ratio Interval `json:"ratio"`
	N     int      `json:"n"`
	// Agree says that half of the scenarios lie within a tenth of the median. Where they
	// do not, there is no way that they go.
	Agree bool `json:"agree"`
}

// Differently is how a scenario goes that does not go as the others do.
type Differently struct {
	Ratio  float64 `json:"ratio"`  // of this scenario, to the first column
	Others float64 `json:"others"` // median of those of the others
	P      float64 `json:"p"`      // adjusted (Holm)
}

// interactions looks for scenarios that the step from the first column to another treats
// in another way than it treats the rest. A scenario is held against the others without
// itself: more than two thirds of them must lie within a tenth of their median, and it
// must be a tenth away from that, further than their spread makes likely, and by more
// than its own repeats differ; and the threshold of a regression must be less than what
// it is away.
func (s *Sheet) interactions() {
	type candidate struct {
		cell   *Cell
		ratio  float64
		others float64
		far    bool
	}
	var all []candidate
	var ps []float64
	for i := range s.Tables {
		t := &s.Tables[i]
		if t.metric.Relative.IsZero() || gate.Counted(t.metric) {
			continue
		}
		t.Typical = make([]*Typical, len(s.Columns))
		for k := 1; k < len(s.Columns); k++ {
			var cells []*Cell
			var contrasts []stat.Comparison
			var logs []float64
			for r := range t.Rows {
				c := &t.Rows[r].Cells[k]
				if c.Difference == nil {
					continue
				}
				if l, ok := gate.LogContrast(t.metric.For(c.scenario), *c.Summary, *t.Rows[r].Cells[0].Summary); ok {
					cells, contrasts, logs = append(cells, c), append(contrasts, l), append(logs, l.Difference)
				}
			}
			if len(logs) < fewest {
				continue
			}
			t.Typical[k] = typical(logs)
			for j := range logs {
				d, p := own(logs, contrasts, j)
				others := logs[j] - d.away
				// What nobody would want to be told of is no exception either.
				diff := cells[j].Difference
				d.far = d.far && math.Abs(diff.here-diff.before*math.Exp(others)) > diff.allowed
				all = append(all, candidate{cells[j], math.Exp(logs[j]), math.Exp(others), d.far})
				ps = append(ps, p)
			}
		}
	}
	for i, p := range stat.Holm(ps) {
		if c := all[i]; p <= alarmRate && c.far {
			c.cell.Differently = &Differently{Ratio: c.ratio, Others: c.others, P: p}
		}
	}
}

func typical(logs []float64) *Typical {
	return &Typical{
		Ratio: Interval{
			Center: math.Exp(stat.Median(logs)), Low: math.Exp(stat.Quantile(logs, 0.25)), High: math.Exp(stat.Quantile(logs, 0.75)),
		},
		N: len(logs), Agree: stat.MAD(logs) <= smallest,
	}
}

// departure is how far a scenario is from the median of the others.
type departure struct {
	away float64
	far  bool // for its size and for the spread of the others, which agree
}

// own holds scenario j against the others. The p-value is that of being so far away by
// the noise of its own repeats and by the uncertainty of the others' median, whose
// standard error is 1.2533 of that of a mean (Kendall and Stuart, The Advanced Theory of
// Statistics, volume 1, section 14.6).
func own(logs []float64, contrasts []stat.Comparison, j int) (departure, float64) {
	var others []float64
	var noise float64 // of the others' repeats: their mean square
	for i, l := range logs {
		if i != j {
			others = append(others, l)
			noise += contrasts[i].SE * contrasts[i].SE
		}
	}
	n := float64(len(others))
	// Others that agree by luck are no more alike than their repeats allow.
	spread := math.Max(stat.NormalMAD*stat.MAD(others), math.Sqrt(noise/n))
	c := contrasts[j]
	c.Difference = logs[j] - stat.Median(others)
	c.SE = math.Hypot(c.SE, 1.2533*spread/math.Sqrt(n))
	agree, middle := 0, stat.Median(others)
	for _, l := range others {
		if math.Abs(l-middle) <= smallest {
			agree++
		}
	}
	d := departure{away: c.Difference}
	d.far = 3*agree > 2*len(others) && math.Abs(d.away) >= smallest && math.Abs(d.away) > width*spread
	return d, math.Min(1, 2*math.Min(c.PMore(0), c.PLess(0)))
}
