package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Initial is what a first configuration is made of.
type Initial struct {
	Comments []string // a line each: when, where and how it was measured
	Settings []Line   // what ran, and how
	Margin   float64  // a ratio: the room above what was measured
	Measured []Budgeted
	Missing  []string // scenarios without figures, each with the reason
	Each     bool     // an entry for every scenario, however many there are
}

// Line is a setting as it is written, with its comment.
type Line struct{ Name, Value, Comment string }

// Budgeted is a scenario with what it was measured to need at most.
type Budgeted struct {
	Suite, ID string
	Divisor   float64            // of sizes that are divided by sessions
	Most      map[string]float64 // by metric: what it may come to in an unchanged program
	Figures   map[string]float64 // by metric: the median, for the comment; Most where absent
}

// budgeted are the metrics that a first configuration limits: those that are steady
// from machine to machine.
var budgeted = []string{highwater.Peak, highwater.Sustained, highwater.AllocBytes, highwater.Allocs}

// mostEntries is how many scenarios of a package or suite have an entry each.
const mostEntries = 12

// Text renders the file.
func (in Initial) Text() ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# yaml-language-server: $schema=%s\n", SchemaID)
	for _, c := range in.Comments {
		fmt.Fprintf(&b, "# %s\n", oneLine(c))
	}
	b.WriteByte('\n')
	for _, l := range in.Settings {
		text := l.Name + ": " + l.Value
		if l.Comment != "" {
			text += "  # " + oneLine(l.Comment)
		}
		b.WriteString(text + "\n")
	}
	for _, m := range in.Missing {
		fmt.Fprintf(&b, "\n# not measured, and so without a budget: %s", oneLine(m))
	}
	if len(in.Missing) > 0 {
		b.WriteByte('\n')
	}
	if len(in.Measured) > 0 {
		b.WriteString("\noverrides:\n")
	}
	var suites []string
	bySuite := map[string][]Budgeted{}
	for _, m := range in.Measured {
		if !slices.Contains(suites, m.Suite) {
			suites = append(suites, m.Suite)
		}
		bySuite[m.Suite] = append(bySuite[m.Suite], m)
	}
	for _, s := range suites {
		in.suite(&b, s, bySuite[s])
	}
	// What is written must be what a later run reads.
	if _, err := Parse(Name, []byte(b.String())); err != nil {
		return nil, fmt.Errorf("the configuration would not be read back: %w", err)
	}
	return []byte(b.String()), nil
}

// suite writes the entries of a package or suite. Where there are many, one holds for
// most of them: each limit is what three quarters keep within, and those that need
// more are exceptions.
func (in Initial) suite(b *strings.Builder, name string, all []Budgeted) {
	reason := fmt.Sprintf("first measured, plus %g%%", math.Round(in.Margin*1e4)/100)
	if in.Each || len(all) <= mostEntries {
		for _, m := range all {
			in.entry(b, literal(m.ID), reason, m, m.Most)
		}
		return
	}
	common := Budgeted{Divisor: 1, Most: map[string]float64{}}
	for _, metric := range budgeted {
		var values []float64
		for _, m := range all {
			if v, ok := m.Most[metric]; ok {
				values = append(values, v)
				common.Divisor = m.Divisor
			}
		}
		if slices.Sort(values); len(values) > 0 {
			common.Most[metric] = values[(len(values)-1)*3/4]
		}
	}
	fmt.Fprintf(b, "  # for all %d of %s; those that need more follow\n", len(all), oneLine(name))
	in.entry(b, literal(name), reason+"; three quarters keep within it", common, common.Most)
	for _, m := range all {
		over := map[string]float64{}
		for metric, v := range m.Most {
			if v > common.Most[metric] {
				over[metric] = v
			}
		}
		if len(over) > 0 {
			in.entry(b, literal(m.ID), reason, m, over)
		}
	}
}

func (in Initial) entry(b *strings.Builder, pattern, reason string, m Budgeted, most map[string]float64) {
	var measured, limits []string
	for _, name := range budgeted {
		v, ok := most[name]
		if !ok {
			continue
		}
		metric, _ := highwater.MetricByName(name)
		figure, ok := m.Figures[name]
		if !ok {
			figure = v
		}
		measured = append(measured, name+" "+metric.Format(figure))
		limits = append(limits, "      "+name+": "+budget(metric, v, in.Margin, m.Divisor))
	}
	fmt.Fprintf(b, "  - scenario: %s\n    reason: %s\n    limits:  # measured: %s\n%s\n",
		scalar(pattern), strconv.Quote(reason), strings.Join(measured, ", "), strings.Join(limits, "\n"))
}

// budget is a limit above what was measured: by the margin, and by what nobody is to
// be told of (the floor of the metric's threshold), rounded up to two digits.
func budget(m highwater.Metric, measured, margin, divisor float64) string {
	v := math.Max(measured, 0)*(1+margin) + m.Relative.Floor/math.Max(divisor, 1)
	if m.Unit == highwater.UnitAllocsPerOp {
		return strconv.FormatFloat(roundUp(v), 'f', -1, 64)
	}
	v = roundUp(math.Ceil(v))
	for _, u := range []struct {
		name string
		size float64
	}{{"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}} {
		if v >= u.size {
			return strconv.FormatFloat(math.Round(v/u.size*100)/100, 'f', -1, 64) + u.name
		}
	}
	return strconv.FormatFloat(v, 'f', -1, 64) + "B"
}

// roundUp leaves two significant digits.
func roundUp(v float64) float64 {
	if v <= 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(v))-1)
	// A little less than what is above by rounding alone is still that.
	return math.Round(math.Ceil(v/unit-1e-9)*unit*1e6) / 1e6
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
