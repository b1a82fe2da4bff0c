package target

import (
	"context"
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/overlay"
)

// builder builds test binaries and finds out what is in them.
type builder struct {
	options                  PackageOptions
	pattern, tests, examples []alternative
	work                     []*work
	overlay                  string // file for -overlay, "" where no package needs it
	modules                  string // the module cache, with a separator behind it; "" before it was asked for
	found                    Found
}

// work is a package with something to measure.
type work struct {
	listed
	scenarios []string // tests that may run a memtest scenario
	functions functions
	binary    string
	found     Found
}

func (w *work) fail(step, output string) {
	w.found.Failed = append(w.found.Failed, PackageError{Package: w.ImportPath, Step: step, Output: output})
}

// wraps reports whether the package is built with the overlay.
func (w *work) wraps() bool { return !w.functions.none() }

func (b *builder) fail(p listed, step, output string) {
	b.found.Failed = append(b.found.Failed, PackageError{Package: p.ImportPath, Step: step, Output: output})
}

// read finds the packages with something to measure, and makes the overlay that
// their benchmarks need.
func (b *builder) read(ctx context.Context, list []listed) error {
	var wrapped []overlay.Package
	for _, p := range list {
		if b.options.skip(p.ImportPath) {
			if len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 {
				b.found.Left = append(b.found.Left, p.ImportPath)
			}
			continue
		}
		if p.Error != nil {
			b.fail(p, "loading the package", p.Error.Err)
			continue
		}
		w := &work{listed: p}
		var err error
		if w.scenarios, err = scenarioTests(p); err == nil {
			w.functions, err = functionsOf(p)
		}
		if err != nil {
			b.fail(p, "reading the tests", err.Error())
			continue
		}
		w.functions.internal = b.sift(w.functions.internal, w.scenarios)
		w.functions.external = b.sift(w.functions.external, w.scenarios)
		w.scenarios = b.kept(p, w.scenarios)
		for _, f := range []*overlay.Functions{&w.functions.internal, &w.functions.external} {
			f.Benchmarks, f.Tests = b.kept(p, f.Benchmarks), b.kept(p, f.Tests)
			f.Examples = slices.DeleteFunc(f.Examples, func(e overlay.Example) bool { return len(b.kept(p, []string{e.Name})) == 0 })
		}
		if b.options.Race {
			w.scenarios = nil // their budgets are not meant for it
		}
		if !w.functions.none() {
			if why, err := b.unfit(ctx, p); err != nil {
				return err
			} else if why != "" {
				b.fail(p, "adding the probe", "its benchmarks cannot be measured: "+why)
				w.functions = functions{}
			} else {
				wrapped = append(wrapped, w.functions.wrapped(p))
			}
		}
		if len(w.scenarios) > 0 || !w.functions.none() {
			b.work = append(b.work, w)
		}
	}
	if len(wrapped) == 0 {
		return nil
	}
	var err error
	b.overlay, err = overlay.Write(b.options.Dir, wrapped)
	return err
}

// kept are the names of benchmarks or tests that are not to be skipped.
func (b *builder) kept(p listed, names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool {
		id := p.ImportPath + "/" + name
		if !b.options.skip(id) {
			return false
		}
		b.found.Left = append(b.found.Left, id)
		return true
	})
}

// unfit says why the probe cannot be added to a package, "" where it can. The
// error is for a go command with which no benchmark can be measured.
func (b *builder) unfit(ctx context.Context, p listed) (string, error) {
	if p.Module == nil || p.Module.Dir == "" {
		return "the package belongs to no module, and the probe is added to its module; run go mod init there", nil
	}
	if b.modules == "" {
		out, _, err := b.options.run(ctx, "env", "GOVERSION", "GOMODCACHE")
		if err != nil {
			return "", fmt.Errorf("asking go for its version: %w", err)
		}
		have, cache, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		if have = strings.TrimSpace(have); version.IsValid(have) && version.Compare(have, overlay.Oldest) < 0 {
			return "", fmt.Errorf("benchmarks are measured with %s or newer, and this is %s: use a newer Go, for example by setting GOTOOLCHAIN", overlay.Oldest, have)
		}
		b.modules = filepath.Clean(strings.TrimSpace(cache)) + string(filepath.Separator)
	}
	if strings.HasPrefix(p.Module.Dir, b.modules) {
		return "go adds nothing to packages in the module cache; copy the module " + p.Module.Path + " out of it, and run highwater there", nil
	}
	return "", nil
}

// standing makes targets of what stands in the source, which are listed and not
// started, and leaves packages with scenarios to be built.
func (b *builder) standing() {
	for _, w := range b.work {
		for _, f := range []overlay.Functions{w.functions.internal, w.functions.external} {
			for _, name := range f.Benchmarks {
				b.stands(w, name, "benchmark", b.options.Ops)
			}
			for _, name := range f.Tests {
				b.stands(w, name, TestDoc, 1)
			}
			for _, e := range f.Examples {
				b.stands(w, e.Name, ExampleDoc, 1)
			}
		}
		w.functions = functions{}
	}
	for _, w := range b.work {
		if len(w.scenarios) == 0 {
			b.found.add(w.found)
		}
	}
	b.work = slices.DeleteFunc(b.work, func(w *work) bool { return len(w.scenarios) == 0 })
}

func (b *builder) stands(w *work, name, doc string, ops int) {
	for _, v := range b.options.variants() {
		info := highwater.ScenarioInfo{Suite: w.ImportPath, Name: name, Variant: v.name, Doc: doc, Sessions: 1, Ops: ops, NoBudget: true, Omit: v.omit}
		w.found.Targets = append(w.found.Targets, Target{Info: info, Dir: w.Dir, Bench: true})
	}
}

// try finds out what is in a test binary.
func (b *builder) try(ctx context.Context, w *work) {
	if w.binary == "" {
		return // it was not built
	}
	if len(w.scenarios) > 0 {
		found, err := listScenarios(ctx, w.binary, w.Dir, w.scenarios)
		if err != nil {
			w.fail("listing the scenarios", err.Error())
		}
		w.found.Targets = append(w.found.Targets, found...)
	}
	if w.functions.none() {
		return
	}
	tmp, err := os.MkdirTemp(b.options.Dir, "tmp")
	if err != nil {
		w.fail("making a folder for temporary files", err.Error())
		return
	}
	defer os.RemoveAll(tmp)
	t := trial{binary: w.binary, pkg: w.listed, options: b.options, pattern: b.pattern, dir: tmp}
	t.run(ctx, w.functions.internal.Benchmarks, w.functions.external.Benchmarks)
	t.warm(ctx)
	w.found.Targets = append(w.found.Targets, t.targets()...)
	b.tryTests(ctx, &t, w)
	w.found.Failed = append(w.found.Failed, t.failed...)
	for _, s := range t.skipped {
		name, _ := overlay.Unwrap(s)
		w.found.Skipped = append(w.found.Skipped, w.ImportPath+" "+name)
	}
}
