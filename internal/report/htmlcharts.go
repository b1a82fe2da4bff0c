package report

import (
	"math"
	"time"

	"github.com/highwater-dev/highwater"
)

// mainCharts draws the judged memory twice, for a wide page and for a narrow one:
// letters that are scaled down to a telephone cannot be read.
func (s soaked) mainCharts() []svgChart {
	if len(s.series.Points) < 2 || s.lacks(s.Of) {
		return nil
	}
	c := chartOf{
		title: quantity(s.Of) + " over time", times: s.times(), word: byteUnit, warm: s.Warm.Seconds(), limit: float64(s.Limit),
		series: []line2d{{quantity(s.Of), s.judged()}},
	}
	if t, ok := s.trend(); ok {
		c.trend = &t
	}
	return []svgChart{c.draw(920, 300, "wide"), c.draw(400, 260, "narrow")}
}

// The size of the small charts.
const smallWidth, smallHeight = 420, 190

// charts are the small ones, of everything else that has a course.
func (s soaked) charts() []svgChart {
	if len(s.series.Points) < 2 {
		return nil
	}
	var all []svgChart
	times := s.times()
	add := func(title string, word unit, lines ...line2d) {
		var kept []line2d
		for _, l := range lines {
			if l.values != nil && nonzero(l.values) {
				kept = append(kept, l)
			}
		}
		if len(kept) > 0 {
			c := chartOf{title: title, times: times, series: kept, word: word, zero: true, warm: s.Warm.Seconds()}
			all = append(all, c.draw(smallWidth, smallHeight, "small"))
		}
	}
	// of is a figure of every point, nil where the source cannot tell it.
	of := func(q highwater.Quantity, name string, value func(highwater.SoakPoint) int64) line2d {
		if s.lacks(q) {
			return line2d{}
		}
		return line2d{name, s.values(value)}
	}
	add("memory of the process", byteUnit,
		of(highwater.QuantityRSS, "resident", func(p highwater.SoakPoint) int64 { return p.RSS }),
		of(highwater.QuantityOffHeap, "held by the Go runtime", func(p highwater.SoakPoint) int64 { return p.Runtime }),
		of(highwater.QuantityOffHeap, "off-heap", highwater.SoakPoint.OffHeap))
	add("goroutines", countUnit, of(highwater.QuantityGoroutines, "goroutines", func(p highwater.SoakPoint) int64 { return int64(p.Goroutines) }))
	add("descriptors, threads, child processes", countUnit,
		of(highwater.QuantityFDs, "descriptors", func(p highwater.SoakPoint) int64 { return int64(total(p.FDs)) }),
		of(highwater.QuantityThreads, "threads", func(p highwater.SoakPoint) int64 { return int64(p.Threads) }),
		of(highwater.QuantityChildren, "child processes", func(p highwater.SoakPoint) int64 { return int64(p.Children) }))
	add("throughput, operations a second", rateUnit, line2d{"operations a second", s.throughput()})
	add("time of an operation", timeUnit,
		line2d{"p50", s.worked(func(w *highwater.SoakWork) time.Duration { return w.P50 })},
		line2d{"p95", s.worked(func(w *highwater.SoakWork) time.Duration { return w.P95 })},
		line2d{"p99", s.worked(func(w *highwater.SoakWork) time.Duration { return w.P99 })})
	add("memory of the child processes", byteUnit, of(highwater.QuantityChildren, "child processes", func(p highwater.SoakPoint) int64 { return p.ChildMemory }))
	return all
}

// suspectCharts are the suspects' own series.
func (s soaked) suspectCharts() []svgChart {
	if len(s.series.Points) < 2 {
		return nil
	}
	var all []svgChart
	for _, x := range s.Suspects {
		values, ok := s.courseOf(x)
		if !ok {
			continue
		}
		c := chartOf{title: suspectName(x), times: s.times(), word: byteUnit, zero: true, warm: s.Warm.Seconds(), series: []line2d{{kindOf(x.Kind), values}}}
		if !countsBytes(x.Kind) {
			c.word = countUnit
		}
		all = append(all, c.draw(smallWidth, smallHeight, "small"))
	}
	return all
}

// nonzero reports whether a series says anything.
func nonzero(values []float64) bool {
	for _, v := range values {
		if v != 0 && !math.IsNaN(v) {
			return true
		}
	}
	return false
}
