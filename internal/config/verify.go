package config

import (
	"errors"
	"maps"
	"reflect"
	"slices"

	"github.com/highwater-dev/highwater"
)

// verify reads the new content and compares it with the old one and what was added.
func verify(name, text, env string, old *File, add []Measured) error {
	got, err := Parse(name, []byte(text))
	if err != nil {
		return err
	}
	want, scope := *old, old.Scope
	if env != "" {
		scope = old.Environments[env]
	}
	scope.Overrides = slices.DeleteFunc(slices.Clone(scope.Overrides), func(o Override) bool { return outdated(o.Scenario, o.Reason, add) })
	for _, m := range add {
		o := Override{Scenario: literal(m.Scenario), Reason: m.Reason, Judged: Judged{Thresholds: map[string]highwater.Threshold{}}}
		for _, t := range m.Thresholds {
			if o.Thresholds[t.Metric], err = highwater.ParseThreshold(t.Text); err != nil {
				return err
			}
		}
		scope.Overrides = append(scope.Overrides, o)
	}
	if env == "" {
		want.Scope = scope
	} else {
		want.Environments = map[string]Scope{}
		maps.Copy(want.Environments, old.Environments)
		want.Environments[env] = scope
	}
	if !reflect.DeepEqual(unplaced(want), unplaced(*got)) {
		return errors.New("it would say something else")
	}
	return nil
}

// unplaced is the file without the lines that things stand in.
func unplaced(f File) File {
	f.Scope = f.Scope.unplaced()
	environments := map[string]Scope{}
	for name, s := range f.Environments {
		environments[name] = s.unplaced()
	}
	f.Environments = environments
	return f
}

func (s Scope) unplaced() Scope {
	s.Judged = s.Judged.unplaced()
	suites := map[string]Judged{}
	for name, j := range s.Suites {
		suites[name] = j.unplaced()
	}
	s.Suites = suites
	overrides := []Override{}
	for _, o := range s.Overrides {
		o.Judged = o.Judged.unplaced()
		overrides = append(overrides, o)
	}
	s.Overrides = overrides
	s.Known, s.Skip = slices.Clone(s.Known), slices.Clone(s.Skip)
	for i := range s.Known {
		s.Known[i].Line = 0
	}
	for i := range s.Skip {
		s.Skip[i].Line = 0
	}
	return s
}

func (j Judged) unplaced() Judged {
	limits, thresholds := map[string]Bound{}, map[string]highwater.Threshold{}
	for name, b := range j.Limits {
		b.Line = 0
		limits[name] = b
	}
	maps.Copy(thresholds, j.Thresholds)
	return Judged{Limits: limits, Thresholds: thresholds}
}
