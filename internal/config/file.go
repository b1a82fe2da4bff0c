package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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
	dir := filepath.Dir(path)
	anchor(&f.Settings, dir)
	for name, scope := range f.Environments {
		anchor(&scope.Settings, dir)
		f.Environments[name] = scope
	}
	return f, nil
}

// anchor makes a relative baseline and relative package patterns absolute. A
// bare word stays as it is unless there is a file of that name: it is the name of
// a stored baseline.
func anchor(s *Settings, dir string) {
	for i, p := range s.Packages {
		if p == "." || p == ".." || strings.HasPrefix(p, "./") || strings.HasPrefix(p, "../") {
			s.Packages[i] = filepath.Join(dir, p)
		}
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
