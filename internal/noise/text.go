package noise

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/printable"
	"github.com/highwater-dev/highwater/internal/stat"
)

// Text writes the sheet for people: a block for each scenario, what is worst over
// all of them, and the conclusion in the last line. All adds the metrics that are
// not judged.
func (s Sheet) Text(w io.Writer, all bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", s.origin())
	lines := [][]string{nil, heads}
	for _, sc := range s.Scenarios {
		lines = append(lines, []string{printable.Line(sc.ID)})
		for _, f := range sc.Figures {
			if all || f.shown() {
				lines = append(lines, append([]string{"  " + f.Metric}, f.cells()...))
			}
		}
	}
	b.WriteString(aligned(lines))
	text := b.String()
	for _, sc := range s.Problems() {
		text += fmt.Sprintf("\nnot measured: %s: %s\n", printable.Line(sc.ID), printable.Line(sc.Problem))
	}
	text += s.worst()
	text += "\n" + s.legend() + "\n"
	if note := s.floors(); note != "" {
		text += "\n" + note + "\n"
	}
	text += "\n" + s.Conclusion + "\n"
	_, err := io.WriteString(w, text)
	return err
}

// origin says what was measured, when and where.
func (s Sheet) origin() string {
	text := fmt.Sprintf("%s of %s, %s, %s", repeats(s.Repeats), count(len(s.Scenarios), "scenario"), s.Created.UTC().Format(time.DateOnly), s.Machine())
	if s.Run != "" {
		text += ", run " + printable.Line(s.Run)
	}
	return text
}

// Machine is where the run was made, in words.
func (s Sheet) Machine() string {
	e := s.Environment
	var parts []string
	for _, p := range []string{printable.Line(e.CPU), count(e.CPUs, "processor"), printable.Line(e.GOOS + "/" + e.GOARCH), printable.Line(e.Kernel), printable.Line(e.Go), printable.Line(e.CI)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// legend explains the columns.
func (s Sheet) legend() string {
	return fmt.Sprintf(`CV is the standard deviation over the mean, worst the repeat farthest from the median.
found from: the smallest change for the worse that fails the gate 95 times of 100, against a
baseline of %s, with at most %d here, as one of %s of a report.
! a change of twice the threshold may pass (of a count: an unchanged program may fail)
? the repeats leave that open`,
		repeats(s.Baseline), s.Here, count(s.Comparisons, "comparison"))
}

// heads are those of the columns.
var heads = []string{"  metric", "n", "mean", "CV", "worst", "threshold", "found from", "proposed"}

// floors says of how many figures the threshold's floor is far larger than its
// percentage: their gate is wider than it looks.
func (s Sheet) floors() string {
	n := 0
	s.each(func(_ string, f Figure) {
		if f.floored() {
			n++
		}
	})
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s so small that the floor of the threshold is more than twice its percentage; --tightest\nproposes thresholds of their own size", countIs(n, "figure"))
}

// cells are a figure's row, without the metric's name.
func (f Figure) cells() []string {
	mark := map[State]string{Lost: "!", Open: "?"}[f.State]
	row := []string{strconv.Itoa(f.N), f.metric.Format(f.Mean), f.Spread(), f.distance(f.Worst), "-", "-", "-"}
	if f.Threshold != nil {
		row[4] = Words(f.metric, *f.Threshold)
	} else if f.State != Unjudged {
		row[4] = "any"
	}
	if f.Smallest != nil {
		row[5] = "+" + f.distance(*f.Smallest)
		if f.metric.HigherIsBetter {
			row[5] = "-" + f.distance(*f.Smallest)
		}
	}
	row[5] += mark
	if f.Proposed != nil {
		row[6] = Words(f.metric, *f.Proposed)
	}
	return row
}

// distance words a difference of values: as a share of the mean where that means
// something.
func (f Figure) distance(d float64) string {
	if d == 0 {
		return "0"
	}
	if f.sized() && d < 10*math.Abs(f.Mean) {
		return percent(d / math.Abs(f.Mean))
	}
	return f.metric.Format(d)
}

// worst lists for each judged metric the spread over all scenarios.
func (s Sheet) worst() string {
	if len(s.Scenarios) < 2 {
		return ""
	}
	lines := [][]string{nil, {"all scenarios", "median CV", "worst CV"}}
	for _, m := range highwater.Metrics() {
		var all []float64
		where, most := "", -1.0
		s.each(func(id string, f Figure) {
			if f.Metric == m.Name && f.CV != nil && f.State != Unjudged {
				all = append(all, *f.CV)
				if *f.CV > most {
					where, most = id, *f.CV
				}
			}
		})
		if len(all) > 0 {
			lines = append(lines, []string{"  " + m.Name, percent(stat.Median(all)), percent(most), printable.Line(where)})
		}
	}
	return aligned(lines, 3)
}

// aligned renders rows of cells in columns, the first and those named to the left and
// the others to the right. A row of one cell is a heading that takes no part in it.
func aligned(rows [][]string, left ...int) string {
	var width [16]int
	for _, row := range rows {
		for i, c := range row {
			if len(row) > 1 {
				width[i] = max(width[i], utf8.RuneCountInString(c))
			}
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for i, c := range row {
			space := strings.Repeat(" ", max(width[i]-utf8.RuneCountInString(c), 0))
			switch {
			case len(row) == 1:
				line = c
			case i == 0:
				line = c + space
			case slices.Contains(left, i):
				line += "  " + c + space
			default:
				line += "  " + space + c
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// percent renders a ratio with two significant digits, as a spread deserves.
func percent(r float64) string {
	p := 100 * r
	switch {
	case p == 0:
		return "0 %"
	case p < 0.001:
		return "<0.001 %"
	case p >= 10:
		return strconv.FormatFloat(p, 'f', 0, 64) + " %"
	default:
		digits := 1 - int(math.Floor(math.Log10(p)))
		return strconv.FormatFloat(p, 'f', min(digits, 3), 64) + " %"
	}
}
