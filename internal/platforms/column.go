package platforms

import (
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
)

// Source is a run, and how the user called it.
type Source struct {
	Name string
	Run  *highwater.Run
}

// Column is the runs of one platform, which are repeats of each other.
type Column struct {
	Name        string                `json:"name"` // the values of the keys
	Values      map[string]string     `json:"values"`
	Runs        []string              `json:"runs"` // their IDs
	Environment highwater.Environment `json:"environment"`
	// NotCompared are the metrics that are not compared with the first column, each
	// with the condition in which the two differ besides.
	NotCompared map[string]string `json:"not_compared,omitempty"`

	sources []Source
	label   string // of what tells the columns apart only
}

func (c Column) runs() []*highwater.Run {
	var all []*highwater.Run
	for _, s := range c.sources {
		all = append(all, s.Run)
	}
	return all
}

// columns puts the runs into columns, in the order in which they are named, and refuses
// those that differ in more than the keys.
func columns(sources []Source, by []Key) ([]Column, error) {
	var cols []Column
	seen := map[string]bool{}
	for _, s := range sources {
		if s.Run.ID != "" && seen[s.Run.ID] {
			continue // a file and a copy of it
		}
		seen[s.Run.ID] = true
		env := s.Run.Environment
		values, names := map[string]string{}, []string{}
		for _, k := range by {
			values[k.Name] = k.Of(env)
			names = append(names, k.Of(env))
		}
		name := strings.Join(names, " ")
		i := slices.IndexFunc(cols, func(c Column) bool { return c.Name == name })
		if i < 0 {
			cols = append(cols, Column{Name: name, Values: values, Environment: env, Runs: []string{s.Run.ID}, sources: []Source{s}})
			continue
		}
		if err := repeats(cols[i].sources[0], s, by); err != nil {
			return nil, err
		}
		cols[i].Runs, cols[i].sources = append(cols[i].Runs, s.Run.ID), append(cols[i].sources, s)
	}
	if len(cols) < 2 {
		return nil, fmt.Errorf("nothing to set side by side: all runs are of %s; name runs of another, or other conditions with --by", cols[0].Name)
	}
	for i := range cols[1:] {
		if err := cols[i+1].against(cols[0], by); err != nil {
			return nil, err
		}
	}
	label(cols, by)
	return cols, nil
}

// repeats refuses runs that are of one column and not repeats of each other.
func repeats(a, b Source, by []Key) error {
	var differ []string
	for _, mm := range gate.Comparable(b.Run.Environment, a.Run.Environment) {
		if mm.Metrics != nil {
			differ = append(differ, words(mm))
		}
	}
	if ra, rb := a.Run.Environment, b.Run.Environment; ra.Revision != "" && rb.Revision != "" && revision(ra) != revision(rb) {
		differ = append(differ, fmt.Sprintf("revision (%s, %s)", revision(rb), revision(ra)))
	}
	if differ == nil {
		return nil
	}
	return fmt.Errorf("%s and %s are the same by %s, and no repeats of each other: they differ in %s; %s",
		b.Name, a.Name, list(by), strings.Join(differ, ", "), remedy(differ))
}

// against compares the conditions of the column with those of the first. A difference
// that no key of by explains hides the metrics that it matters to; one that matters to
// all of them is an error.
func (c *Column) against(first Column, by []Key) error {
	explained := map[string]bool{}
	for _, k := range by {
		if c.Values[k.Name] != first.Values[k.Name] {
			for _, condition := range k.explains {
				explained[condition] = true
			}
		}
	}
	var all []string
	for _, mm := range gate.Comparable(c.Environment, first.Environment) {
		if mm.Metrics == nil || explained[mm.Condition] {
			continue
		}
		if len(mm.Metrics) == len(highwater.Metrics()) {
			all = append(all, words(mm))
			continue
		}
		for _, m := range mm.Metrics {
			if c.NotCompared == nil {
				c.NotCompared = map[string]string{}
			}
			if c.NotCompared[m] != "" {
				c.NotCompared[m] += ", "
			}
			c.NotCompared[m] += words(mm)
		}
	}
	if all == nil {
		return nil
	}
	return fmt.Errorf("%s and %s differ in more than %s, and all metrics depend on it: %s; %s",
		c.sources[0].Name, first.sources[0].Name, list(by), strings.Join(all, ", "), remedy(all))
}

func words(mm highwater.Mismatch) string {
	return fmt.Sprintf("%s (%s, %s)", mm.Condition, mm.Here, mm.Baseline)
}

func list(by []Key) string {
	var names []string
	for _, k := range by {
		names = append(names, k.Name)
	}
	return strings.Join(names, ",")
}

// remedy says which keys would tell the runs apart.
func remedy(differ []string) string {
	var names []string
	for _, d := range differ {
		for _, k := range keys {
			condition, _, _ := strings.Cut(d, " (")
			if slices.Contains(k.explains, condition) && !(k.Name == "goos" && condition == "kernel") && !(k.Name == "goarch" && condition == "CPU") ||
				k.Name == condition {
				names = append(names, k.Name)
			}
		}
	}
	if len(names) < len(differ) { // another probe measures in another way
		return "measure again, all with the same highwater and in the same way"
	}
	return "add to --by what is to tell them apart (" + strings.Join(names, ",") + "), or measure again under equal conditions"
}

// label gives the columns the short names that tables have as heads: of what differs.
func label(cols []Column, by []Key) {
	for i := range cols {
		var parts []string
		for _, k := range by {
			if slices.ContainsFunc(cols, func(c Column) bool { return c.Values[k.Name] != cols[0].Values[k.Name] }) {
				parts = append(parts, cols[i].Values[k.Name])
			}
		}
		cols[i].label = strings.Join(parts, " ")
	}
}
