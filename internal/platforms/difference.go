package platforms

import (
	"fmt"
	"math"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/stat"
)

// alarmRate is the chance that any difference is called real, or any scenario said to go
// its own way, where there is none.
const alarmRate = 0.05

// Difference is that of a figure to the one in the first column.
type Difference struct {
	// Change is the ratio of the two less 1, with its interval of 95 %; nil where the
	// first is nothing, of which there is no ratio.
	Change *Interval `json:"change,omitempty"`
	// P is the chance of so large a difference where there is none, adjusted for the
	// number of comparisons (Holm); of counts, where chance has no part, it is 0 or 1.
	P float64 `json:"p"`
	// Real: there is a difference. Large: it is for certain more than the threshold of a
	// regression allows, in either direction.
	Real  bool `json:"real"`
	Large bool `json:"large"`
	// Explained says what is known to make such a difference. Unexplained says that it is
	// more than that.
	Explained   string `json:"explained,omitempty"`
	Unexplained bool   `json:"unexplained,omitempty"`

	counted      bool
	allowed      float64 // by the threshold, in the metric's unit
	beyond       float64 // p-value of being no larger than allowed
	contrast     stat.Comparison
	here, before float64
}

// compare compares every cell with the first of its row.
func (s *Sheet) compare(o Options) {
	var family []*Difference
	s.each(func(t *Table, _, column int, first, c *Cell) {
		switch {
		case c.State != Measured:
			return
		case first.State != Measured:
			c.NotCompared = fmt.Sprintf("%s has none", s.Columns[0].label)
			return
		case s.Columns[column].NotCompared[t.Metric] != "":
			c.NotCompared = "the conditions differ: " + s.Columns[column].NotCompared[t.Metric]
			return
		case c.scenario.Sessions != first.scenario.Sessions || c.scenario.Ops != first.scenario.Ops:
			c.NotCompared = fmt.Sprintf("another size: %d sessions and %d operations here, %d and %d there (benchmarks make as many everywhere with --benchtime 100x)",
				c.scenario.Sessions, c.scenario.Ops, first.scenario.Sessions, first.scenario.Ops)
			return
		}
		allowed := o.threshold(c.scenario, t.metric).Allowance(first.Summary.Center)
		c.Difference = difference(t.metric.For(c.scenario), *c.Summary, *first.Summary, allowed)
		// What is only shown is not among the comparisons that share the false alarms.
		if !c.Difference.counted && !t.metric.Relative.IsZero() {
			family = append(family, c.Difference)
		}
		here, before := wordSize(s.Columns[column].Environment.GOARCH), wordSize(s.Columns[0].Environment.GOARCH)
		c.Difference.Explained, c.Difference.Unexplained = explain(t.metric, here, before, c.Difference.Change)
	})
	s.Comparisons = len(family)
	ps, beyond := make([]float64, len(family)), make([]float64, len(family))
	for i, d := range family {
		ps[i], beyond[i] = d.P, d.beyond
	}
	ps, beyond = stat.Holm(ps), stat.Holm(beyond)
	for i, d := range family {
		d.P, d.Real, d.Large = ps[i], ps[i] <= alarmRate, beyond[i] <= alarmRate
	}
	s.each(func(_ *Table, _, _ int, _, c *Cell) {
		if d := c.Difference; d != nil && !d.Real {
			d.Explained, d.Unexplained = "", false // there is nothing to explain
		}
	})
}

// difference compares two figures, before the adjustment for other comparisons.
func difference(m highwater.Metric, here, before highwater.Summary, allowed float64) *Difference {
	c := gate.Contrast(m, here, before)
	d := &Difference{contrast: c, here: here.Center, before: before.Center, counted: gate.Counted(m), allowed: allowed}
	if scale := math.Abs(before.Center); scale > 1e-6 {
		change := (here.Center - before.Center) / scale
		d.Change = &Interval{Center: change, Low: change, High: change}
		if !d.counted {
			i := c.Interval(0.95)
			// The interval is of the means and the change of the medians: it holds both.
			d.Change.Low, d.Change.High = math.Min(i.Low/scale, change), math.Max(i.High/scale, change)
		}
	}
	if d.counted {
		d.Real = c.Difference != 0
		d.Large = math.Abs(c.Difference) > allowed
		if !d.Real {
			d.P = 1
		}
		return d
	}
	// Which way it goes is seen in the data, so that each counts twice.
	d.P = math.Min(1, 2*math.Min(c.PMore(0), c.PLess(0)))
	d.beyond = math.Min(1, 2*math.Min(c.PMore(allowed), c.PLess(-allowed)))
	return d
}
