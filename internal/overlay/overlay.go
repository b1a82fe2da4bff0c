package overlay

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Package is a package whose benchmarks are to be measured.
type Package struct {
	Name   string // in its package clause
	Dir    string
	Module string // path of its module
	Root   string // the module's folder

	Internal Functions // in the package itself
	External Functions // in its external test package, NAME_test
}

// Functions are what is called through the probe.
type Functions struct {
	Benchmarks, Tests []string
	Examples          []Example
}

// None reports that there is nothing to call.
func (f Functions) None() bool { return len(f.Benchmarks)+len(f.Tests)+len(f.Examples) == 0 }

// Example is an example with the output that it must have.
type Example struct {
	Name, Output string
	Unordered    bool // the lines may come in any order
}

// The wrappers' names, with the second part for the external test package: both
// packages are in one test binary.
const (
	wrapper     = "BenchmarkHighwaterProbe"
	testWrapper = "TestHighwaterProbe"
	external    = "External"
)

// folder is where the probe's source goes, in the root of the module: a package
// below an internal folder there can be imported from everywhere in the module
// and from nowhere else.
const folder = "internal/highwaterprobe"

// Write makes the overlay for all packages at once in dir, and returns the file
// to give to -overlay.
func Write(dir string, packages []Package) (string, error) {
	replace := map[string]string{}
	sources := filepath.Join(dir, "probe")
	names, err := writeProbe(sources)
	if err != nil {
		return "", fmt.Errorf("write the probe's source: %w", err)
	}
	// A test binary has runtime/pprof through package testing.
	if err := os.WriteFile(filepath.Join(sources, leaksFile), []byte(leaks), 0o600); err != nil {
		return "", fmt.Errorf("write the probe's source: %w", err)
	}
	names = append(names, leaksFile)
	for i, p := range packages {
		for _, name := range names {
			replace[filepath.Join(p.Root, filepath.FromSlash(folder), name)] = filepath.Join(sources, name)
		}
		for _, w := range p.wrappers() {
			file := filepath.Join(dir, fmt.Sprintf("%d_%s", i, w.file))
			if err := os.WriteFile(file, []byte(w.source), 0o600); err != nil {
				return "", fmt.Errorf("write a wrapper: %w", err)
			}
			replace[filepath.Join(p.Dir, w.file)] = file
		}
	}
	return writeOverlay(dir, replace)
}

// writeOverlay writes the file for -overlay to dir.
func writeOverlay(dir string, replace map[string]string) (string, error) {
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", fmt.Errorf("write the overlay: %w", err)
	}
	return file, nil
}

// Pattern is the -test.bench pattern that selects exactly the benchmark with that
// name ("BenchmarkF/sub") through its wrapper.
func Pattern(external bool, name string) string { return below(wrapper, external) + exactly(name) }

// TestPattern is the same for -test.run, a test or an example.
func TestPattern(external bool, name string) string {
	return below(testWrapper, external) + exactly(name)
}

func exactly(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// Any is the pattern that selects the benchmarks with these names, and below them
// what the further elements of a pattern select.
func Any(external bool, names, elements []string) string {
	return below(wrapper, external) + anyOf(names, elements)
}

// AnyTest is the same for -test.run.
func AnyTest(external bool, names, elements []string) string {
	return below(testWrapper, external) + anyOf(names, elements)
}

func anyOf(names, elements []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = regexp.QuoteMeta(n)
	}
	return strings.Join(append([]string{"^(" + strings.Join(quoted, "|") + ")$"}, elements...), "/")
}

func below(name string, ext bool) string {
	if ext {
		name += external
	}
	return "^" + name + "$/"
}

// Unwrap takes the wrapper off the name of a benchmark or test, and says in which
// of the two test packages it is. It returns "" for the wrapper itself.
func Unwrap(full string) (name string, ext bool) {
	top, name, _ := strings.Cut(full, "/")
	return name, strings.HasSuffix(top, external)
}
