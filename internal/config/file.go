package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	urlpath "path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
)

// Name is what the configuration file is called.
const Name = "highwater.yml"

// maxFileSize bounds what is read of a file that somebody else wrote.
const maxFileSize = 1 << 20

// Scope is what the file, or one environment of it, says.
type Scope struct {
	Settings
	Judged
	Suites    map[string]Judged
	Overrides []Override // a later one wins over an earlier one
	Known     []Known
	Skip      []Skip
}

// Judged is what a group of scenarios is held to, by metric.
type Judged struct {
	Limits     map[string]Bound
	Thresholds map[string]highwater.Threshold
	Line       int
}

// Override is what the scenarios that match a pattern are held to.
type Override struct {
	Scenario string // pattern, see [Match]
	Reason   string // shown in reports beside the limits
	Judged
}

// Known is a regression that is accepted for a time.
type Known struct {
	Scenario    string   // pattern; all where it is empty
	Metrics     []string // all where it is empty
	Fingerprint string   // of an allocation site; any where it is empty
	Reason      string
	Until       time.Time // the last day, at its beginning in UTC

	// UpTo is the most that a metric may be, by its name, and Growth by how much it
	// may be over its limit or baseline, a ratio; without either there is no bound.
	UpTo   map[string]float64
	Growth float64
	Line   int
}

// Names reports whether the entry is about the scenario with that ID.
func (k Known) Names(id string) bool { return k.Scenario == "" || Match(k.Scenario, id) }

// Skip is what is not measured, although it was named.
type Skip struct {
	Scenario string // pattern
	Reason   string
	Line     int
}

// File is a configuration file.
type File struct {
	Path string // as problems name it; empty where there is no file
	Scope
	Environments map[string]Scope
}

// Find returns the path of the file that holds for dir: the nearest highwater.yml
// on the way from dir up to the root of its Go module, or "" where there is
// none. Outside a module only dir itself is looked at.
func Find(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("look for %s: %w", Name, err)
	}
	first := ""
	for at := dir; ; at = filepath.Dir(at) {
		if first == "" {
			p := filepath.Join(at, Name)
			if _, err := os.Stat(p); err == nil {
				first = p
			} else if !errors.Is(err, fs.ErrNotExist) {
				return "", fmt.Errorf("look for %s: %w", Name, err)
			} else if other := filepath.Join(at, "highwater.yaml"); exists(other) {
				// Silently not reading it would hold the user to other limits.
				return "", fmt.Errorf("%s: the configuration is called %s; rename the file, or name it with --config", other, Name)
			}
		}
		if exists(filepath.Join(at, "go.mod")) {
			return first, nil
		}
		if filepath.Dir(at) == at {
			// No module: a file in some directory far above is not meant.
			if filepath.Dir(first) == dir {
				return first, nil
			}
			return "", nil
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Load reads the file at path. Its error is [Problems] where the content is
// wrong. Relative paths of the file are meant from its own directory.
func Load(path string) (*File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileSize {
		return nil, fmt.Errorf("read the configuration: %s is not a file of at most 1 MiB", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	f, err := Parse(display(path), data)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	var ps Problems
	anchor(&f.Settings, dir)
	f.locate(&f.Scope, dir, &ps)
	for name, scope := range f.Environments {
		anchor(&scope.Settings, dir)
		f.locate(&scope, dir, &ps)
		f.Environments[name] = scope
	}
	return f, ps.err()
}

// locate puts import paths in place of patterns that begin with a dot, which are
// meant from the folder of the file.
func (f *File) locate(s *Scope, dir string, ps *Problems) {
	full := func(pattern string, line int) string {
		located, err := Located([]string{pattern}, dir)
		if err != nil {
			ps.add(f.Path, line, "%v", err)
			return pattern
		}
		return located[0]
	}
	for i, p := range s.Scenarios {
		s.Scenarios[i] = full(p, 0)
	}
	for name, j := range s.Suites {
		if local(name) {
			delete(s.Suites, name)
			s.Suites[full(name, j.Line)] = j
		}
	}
	for i := range s.Overrides {
		s.Overrides[i].Scenario = full(s.Overrides[i].Scenario, s.Overrides[i].Line)
	}
	for i := range s.Known {
		s.Known[i].Scenario = full(s.Known[i].Scenario, s.Known[i].Line)
	}
	for i := range s.Skip {
		s.Skip[i].Scenario = full(s.Skip[i].Scenario, s.Skip[i].Line)
	}
}

// Located returns patterns with import paths in place of those that begin with a
// dot, which are meant from dir.
func Located(patterns []string, dir string) ([]string, error) {
	var module, folder string
	located := slices.Clone(patterns)
	for i, p := range located {
		if !local(p) {
			continue
		}
		var err error
		if module == "" {
			module, folder, err = moduleOf(dir)
		}
		if err == nil {
			located[i], err = absolute(p, module, folder)
		}
		if err != nil {
			return nil, fmt.Errorf("pattern %q: %w", p, err)
		}
	}
	return located, nil
}

// moduleOf returns the path of the module that a folder is in, and the folder's own
// import path.
func moduleOf(dir string) (module, folder string, err error) {
	for at := dir; ; at = filepath.Dir(at) {
		data, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if errors.Is(err, fs.ErrNotExist) && filepath.Dir(at) != at {
			continue
		} else if err != nil {
			return "", "", fmt.Errorf("it is meant from a folder that is in no module: %w", err)
		}
		for line := range strings.Lines(string(data)) {
			if name, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
				name, _, _ = strings.Cut(name, "//")
				name = strings.Trim(strings.TrimSpace(name), "\"`")
				rel, err := filepath.Rel(at, dir)
				return name, urlpath.Join(name, filepath.ToSlash(rel)), err
			}
		}
		return "", "", fmt.Errorf("%s names no module", filepath.Join(at, "go.mod"))
	}
}

// anchor makes a relative baseline, store and package patterns absolute. A
// bare word stays as it is unless there is a file of that name: it is the name of
// a stored baseline.
func anchor(s *Settings, dir string) {
	for i, p := range s.Packages {
		if p == "." || p == ".." || strings.HasPrefix(p, "./") || strings.HasPrefix(p, "../") {
			s.Packages[i] = filepath.Join(dir, p)
		}
	}
	if s.Store != nil && !strings.Contains(*s.Store, "://") {
		path := strings.TrimPrefix(*s.Store, "sqlite:")
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		s.Store = &path
	}
	if s.Baseline == nil || filepath.IsAbs(*s.Baseline) {
		return
	}
	p := filepath.Join(dir, *s.Baseline)
	if strings.ContainsAny(*s.Baseline, `/\`) || exists(p) {
		s.Baseline = &p
	}
}

// display shortens a path to what an error should show.
func display(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(wd, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}
