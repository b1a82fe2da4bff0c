package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// outside words the figures of a command's process tree, "" for one that has none.
func outside(row *highwater.Row) string {
	var parts []string
	for _, f := range []struct{ metric, text string }{
		{highwater.TreePSS, "%s at the most, shared memory counted once"},
		{highwater.TreeFootprint, "high-water marks together %s"},
		{highwater.TreeCgroup, "%s in the control group, with the page cache"},
	} {
		if s, ok := row.Summaries[f.metric]; ok {
			parts = append(parts, fmt.Sprintf(f.text, bytes(int64(s.Center))))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "the whole tree: " + strings.Join(parts, "; ")
}

// sparkWidth is the most columns that the course of a figure takes.
const sparkWidth = 60

// spark draws the proportional set size over time in one line. Each column is the
// highest of its time, or as the one before where there was no look.
func spark(points []highwater.TreePoint) string {
	if len(points) == 0 {
		return ""
	}
	last := max(points[len(points)-1].At, 1)
	columns := make([]int64, min(sparkWidth, len(points)))
	var most int64
	for _, p := range points {
		at := p.At * int64(len(columns)) / (last + 1)
		at = min(max(at, 0), int64(len(columns)-1))
		columns[at] = max(columns[at], p.PSS)
		most = max(most, p.PSS)
	}
	if most <= 0 {
		return ""
	}
	levels := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	var before int64
	for _, c := range columns {
		if c == 0 {
			c = before
		}
		before = c
		b.WriteRune(levels[min(int64(len(levels)-1), max(c, 0)*int64(len(levels))/most)])
	}
	return b.String()
}

// course writes how a tree's memory went, and how its figures were had.
func (p *printer) course(m highwater.Measurement) {
	if line := spark(m.Series); line != "" {
		last := m.Series[len(m.Series)-1]
		var most highwater.TreePoint
		for _, point := range m.Series {
			if point.PSS > most.PSS {
				most = point
			}
		}
		p.note("    ", "tree over time", fmt.Sprintf(" %s  %s, highest %s after %s", line, seconds(float64(last.At)/float64(time.Second)), bytes(most.PSS), seconds(float64(most.At)/float64(time.Second))))
	}
	for _, metric := range slices.Sorted(maps.Keys(m.Sources)) {
		v, ok := m.Values[metric]
		known, _ := highwater.MetricByName(metric)
		if ok {
			p.note("    ", "measured", fmt.Sprintf("%s %s: %s", name(metric), known.Format(v), sentence(m.Sources[metric])))
		}
	}
}
