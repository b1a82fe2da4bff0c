package store

import (
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/highwater-dev/highwater"
)

// Bounds on text. Names stand in tables and in file names; the longest other
// text is the tail of what a process printed.
const (
	maxName = 512
	maxText = 64 << 10
)

// Validate reports what in a run cannot be judged or shown. Measured metrics
// that this version does not know are no error: gates ignore them.
func Validate(r *highwater.Run) error {
	if r.Schema != highwater.Schema {
		return fmt.Errorf("schema %d, want %d", r.Schema, highwater.Schema)
	}
	if err := ValidID(r.ID); err != nil {
		return fmt.Errorf("the field id: %w", err)
	}
	if err := walk(reflect.ValueOf(r).Elem(), nil); err != nil {
		return err
	}
	known := make(map[string]bool, len(r.Scenarios))
	for i, s := range r.Scenarios {
		id := s.ID()
		if err := checkScenario(s); err != nil {
			return fmt.Errorf("the field scenarios[%d] (%.80q): %w", i, id, err)
		}
		if known[id] {
			return fmt.Errorf("the field scenarios[%d]: scenario %.200q stands there twice; results of the two cannot be told apart", i, id)
		}
		known[id] = true
	}
	for i, m := range r.Measurements {
		if err := checkMeasurement(m, known); err != nil {
			return fmt.Errorf("the field measurements[%d]: %w", i, err)
		}
	}
	return nil
}

func checkScenario(s highwater.ScenarioInfo) error {
	switch id := s.ID(); {
	case s.Name == "":
		return fmt.Errorf("the name is empty")
	case len(id) > maxName:
		return fmt.Errorf("the name has %d bytes, at most %d are allowed", len(id), maxName)
	case strings.ContainsFunc(id, unicode.IsControl) || !utf8.ValidString(id):
		return fmt.Errorf("the name %.200q holds control characters", id)
	case s.Sessions < 1:
		return fmt.Errorf("%d sessions, want at least 1: results are divided by them", s.Sessions)
	case s.Ops < 0:
		return fmt.Errorf("%d operations, want 0 or more", s.Ops)
	}
	for pass := range s.Omit {
		if !slices.Contains(highwater.Passes(), pass) {
			return fmt.Errorf("unknown pass %q; there are %v", pass, highwater.Passes())
		}
	}
	return nil
}

var statuses = []highwater.Status{
	highwater.StatusOK, highwater.StatusFailed, highwater.StatusPanicked, highwater.StatusExited,
	highwater.StatusKilled, highwater.StatusTimeout, highwater.StatusMemory, highwater.StatusNoStart,
}

func checkMeasurement(m highwater.Measurement, known map[string]bool) error {
	switch {
	case !known[m.Scenario]:
		return fmt.Errorf("scenario %.200q is not among the run's scenarios", m.Scenario)
	case m.Pass != highwater.PassSoak && m.Pass != highwater.PassLive && !slices.Contains(highwater.Passes(), m.Pass):
		return fmt.Errorf("unknown pass %q; there are %v, %s and %s", m.Pass, highwater.Passes(), highwater.PassSoak, highwater.PassLive)
	case m.Soak != nil && m.Pass != highwater.PassSoak:
		return fmt.Errorf("a soak in the pass %s", m.Pass)
	case m.Snapshot != nil && m.Pass != highwater.PassLive:
		return fmt.Errorf("a snapshot in the pass %s", m.Pass)
	case !slices.Contains(statuses, m.Outcome.Status):
		return fmt.Errorf("unknown outcome %q; there are %v", m.Outcome.Status, statuses)
	case m.Repeat < 0:
		return fmt.Errorf("repeat %d, want 0 or more", m.Repeat)
	case m.Duration < 0:
		return fmt.Errorf("duration of %s, want 0 or more", m.Duration)
	}
	profiles := []string{m.Profile}
	if m.Soak != nil {
		profiles = append(profiles, m.Soak.Profiles...)
	}
	if m.Snapshot != nil {
		profiles = slices.AppendSeq(profiles, maps.Values(m.Snapshot.Profiles))
	}
	for _, p := range profiles {
		if p != "" && (!filepath.IsLocal(filepath.FromSlash(p)) || strings.Contains(p, `\`)) {
			return fmt.Errorf("profile %q: want a path below the Run file's directory", p)
		}
	}
	return checkSoak(m.Soak)
}

// step is one part of the path to a value: a field's name or an index.
type step struct {
	name  string
	index int
}

// walk visits every value of the run, so that no field, nor one added later,
// escapes the bounds: floats are finite and text is bounded.
func walk(v reflect.Value, path []step) error {
	switch v.Kind() {
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("the field %s: %v is not a finite number", pathString(path), f)
		}
	case reflect.String:
		if n := v.Len(); n > maxText {
			return fmt.Errorf("the field %s: text of %d bytes, at most %d are allowed", pathString(path), n, maxText)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return walk(v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := walk(v.Index(i), append(path, step{index: i})); err != nil {
				return err
			}
		}
	case reflect.Map:
		for iter := v.MapRange(); iter.Next(); {
			at := append(path, step{name: iter.Key().String()})
			if n := iter.Key().Len(); n > maxName {
				return fmt.Errorf("the field %s: a key of %d bytes, at most %d are allowed", pathString(path), n, maxName)
			}
			if err := walk(iter.Value(), at); err != nil {
				return err
			}
		}
	case reflect.Struct:
		t := v.Type()
		for i := range v.NumField() {
			if !t.Field(i).IsExported() {
				continue // time.Time
			}
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if err := walk(v.Field(i), append(path, step{name: name})); err != nil {
				return err
			}
		}
	}
	return nil
}

func pathString(path []step) string {
	var b strings.Builder
	for i, s := range path {
		switch {
		case s.name == "":
			fmt.Fprintf(&b, "[%d]", s.index)
		case i == 0:
			b.WriteString(s.name)
		default:
			b.WriteString("." + s.name)
		}
	}
	return b.String()
}
