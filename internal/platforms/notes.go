package platforms

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// notes say what a reader must know to trust the figures.
func (s *Sheet) notes() {
	first := s.Columns[0]
	for _, c := range s.Columns[1:] {
		by := map[string][]string{}
		for m, why := range c.NotCompared {
			by[why] = append(by[why], m)
		}
		for _, why := range slices.Sorted(maps.Keys(by)) {
			s.note("%s and %s differ besides in %s: not compared by %s", c.label, first.label, why, strings.Join(ordered(by[why]), ", "))
		}
		for _, other := range []struct {
			key  string
			what string
			of   func(highwater.Environment) string
		}{
			{"revision", "revisions", revision},
			{"", "modules", func(e highwater.Environment) string { return known(e.Module) }},
		} {
			here, there := other.of(c.Environment), other.of(first.Environment)
			if here != there && (other.key == "" || !slices.Contains(s.By, other.key)) {
				s.note("%s and %s are of different %s (%s, %s): what differs may be the program", c.label, first.label, other.what, here, there)
			}
		}
	}
	// What is not there, once for each reason.
	seen := map[string][]string{}
	var order []string
	for _, t := range s.Tables {
		for _, r := range t.Rows {
			for k, c := range r.Cells {
				var text string
				switch {
				case c.State == Missing || c.State == Failed:
					s.Incomplete = true
					text = fmt.Sprintf("%s on %s: %s: %s", c.State, s.Columns[k].label, r.Scenario, c.Reason)
				case c.State == Unsupported:
					text = fmt.Sprintf("unsupported on %s: %s", s.Columns[k].label, c.Reason)
				case c.NotCompared != "" && strings.HasPrefix(c.NotCompared, "another size"):
					text = fmt.Sprintf("not compared on %s: %s: %s", s.Columns[k].label, r.Scenario, c.NotCompared)
				default:
					continue
				}
				if seen[text] == nil {
					order = append(order, text)
				}
				if !slices.Contains(seen[text], t.Metric) {
					seen[text] = append(seen[text], t.Metric)
				}
			}
		}
	}
	for _, text := range order {
		if strings.HasSuffix(text, notThere) { // of which no metric needs to be told
			s.note("%s", text)
			continue
		}
		s.note("%s (%s)", text, strings.Join(seen[text], ", "))
	}
	s.defined()
	s.words()
}

// defined notes that the footprint is not quite the same everywhere.
func (s *Sheet) defined() {
	m, _ := highwater.MetricByName(highwater.Footprint)
	first := s.Columns[0].Environment.GOOS
	for _, c := range s.Columns[1:] {
		here, there := On(m, c.Environment.GOOS).How, On(m, first).How
		if here != there && here != "" && there != "" {
			s.note("%s is %s on %s, and %s on %s", m.Name, there, first, here, c.Environment.GOOS)
		}
	}
}

// words notes that the columns have words of different sizes.
func (s *Sheet) words() {
	first := s.Columns[0]
	for _, c := range s.Columns[1:] {
		here, there := wordSize(c.Environment.GOARCH), wordSize(first.Environment.GOARCH)
		if here != there && here > 0 && there > 0 {
			s.note("%s has words of %d bytes, and %s of %d: what consists of pointers, integers and headers of strings and slices changes by %+d %%, text and bytes stay",
				c.label, here, first.label, there, 100*here/there-100)
		}
	}
}

func (s *Sheet) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(s.Notes, text) {
		s.Notes = append(s.Notes, text)
	}
}

// ordered puts metrics in the order of tables.
func ordered(names []string) []string {
	var all []string
	for _, m := range highwater.Metrics() {
		if slices.Contains(names, m.Name) {
			all = append(all, m.Name)
		}
	}
	return all
}

// conclude counts what came of it.
func (s *Sheet) conclude() {
	compared, real, large, own := 0, 0, 0, 0
	s.each(func(t *Table, _, _ int, _, c *Cell) {
		if c.Difference == nil || t.metric.Relative.IsZero() && !t.metric.Exact {
			return
		}
		compared++
		if c.Difference.Real {
			real++
		}
		if c.Difference.Large {
			large++
		}
		if c.Differently != nil {
			own++
		}
	})
	switch {
	case compared == 0:
		s.Incomplete = true
		s.Conclusion = "nothing can be compared: no figure is there twice"
		return
	case real == 0:
		s.Conclusion = fmt.Sprintf("%s on %s: no difference is real", count(compared, "comparison"), s.names())
	default:
		s.Conclusion = fmt.Sprintf("%s on %s: %d real, of which %d larger than a regression may be", count(compared, "comparison"), s.names(), real, large)
	}
	if own > 0 {
		s.Conclusion += "; " + goes(own)
	}
	if s.Incomplete {
		s.Conclusion += "; not everything could be measured everywhere"
	}
}

func goes(n int) string {
	if n == 1 {
		return "1 figure goes its own way"
	}
	return fmt.Sprintf("%d figures go their own way", n)
}

func (s *Sheet) names() string {
	var names []string
	for _, c := range s.Columns {
		names = append(names, c.label)
	}
	return strings.Join(names, ", ")
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
