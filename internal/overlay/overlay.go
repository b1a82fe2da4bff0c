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

	Internal []string // benchmarks in the package itself
	External []string // benchmarks in its external test package, NAME_test
}

// The wrappers' names, one for each of the two test packages: both are in one
// test binary.
const (
	wrapper         = "BenchmarkHighwaterProbe"
	externalWrapper = "BenchmarkHighwaterProbeExternal"
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
func Pattern(external bool, name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return below(external) + strings.Join(parts, "/")
}

// Any is the pattern that selects the benchmarks with these names, and below them
// what the further elements of a pattern select.
func Any(external bool, names, elements []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = regexp.QuoteMeta(n)
	}
	return below(external) + strings.Join(append([]string{"^(" + strings.Join(quoted, "|") + ")$"}, elements...), "/")
}

func below(external bool) string {
	if external {
		return "^" + externalWrapper + "$/"
	}
	return "^" + wrapper + "$/"
}

// Unwrap takes the wrapper off a benchmark's name, and says in which of the two
// test packages it is. It returns "" for the wrapper itself.
func Unwrap(full string) (name string, external bool) {
	top, name, _ := strings.Cut(full, "/")
	return name, top == externalWrapper
}
