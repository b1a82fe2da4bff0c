package target

import (
	"context"
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater/internal/overlay"
)

// builder builds test binaries and finds out what is in them.
type builder struct {
	options PackageOptions
	pattern []alternative
	work    []work
	overlay string // file for -overlay, "" where no package needs it
	modules string // the module cache, with a separator behind it; "" before it was asked for
	found   Found
}

// work is a package with something to measure.
type work struct {
	listed
	scenarios  []string // tests that may run a memtest scenario
	benchmarks benchmarks
}

func (b *builder) fail(p listed, step, output string) {
	b.found.Failed = append(b.found.Failed, PackageError{Package: p.ImportPath, Step: step, Output: output})
}

// read finds the packages with something to measure, and makes the overlay that
// their benchmarks need.
func (b *builder) read(ctx context.Context, list []listed) error {
	var wrapped []overlay.Package
	for _, p := range list {
		if p.Error != nil {
			b.fail(p, "loading the package", p.Error.Err)
			continue
		}
		w := work{listed: p}
		var err error
		if w.scenarios, err = scenarioTests(p); err == nil {
			w.benchmarks, err = benchmarksOf(p)
		}
		if err != nil {
			b.fail(p, "reading the tests", err.Error())
			continue
		}
		w.benchmarks.internal = selected(w.benchmarks.internal, b.pattern)
		w.benchmarks.external = selected(w.benchmarks.external, b.pattern)
		if !w.benchmarks.none() {
			if why, err := b.unfit(ctx, p); err != nil {
				return err
			} else if why != "" {
				b.fail(p, "adding the probe", "its benchmarks cannot be measured: "+why)
				w.benchmarks = benchmarks{}
			} else {
				wrapped = append(wrapped, w.benchmarks.wrapped(p))
			}
		}
		if len(w.scenarios) > 0 || !w.benchmarks.none() {
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

// unfit says why the probe cannot be added to a package, "" where it can. The
// error is for a go command with which no benchmark can be measured.
func (b *builder) unfit(ctx context.Context, p listed) (string, error) {
	if p.Module == nil || p.Module.Dir == "" {
		return "the package belongs to no module, and the probe is added to its module; run go mod init there", nil
	}
	if b.modules == "" {
		out, err := b.options.goCommand(ctx, "env", "GOVERSION", "GOMODCACHE").Output()
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

// one builds a package's tests and finds out what is in them.
func (b *builder) one(ctx context.Context, w work) {
	b.options.say("building %s", w.ImportPath)
	binary := filepath.Join(b.options.Dir, strings.ReplaceAll(w.ImportPath, "/", "_")+".test")
	args := []string{"test", "-c", "-o", binary, "-tags=" + b.options.Tags}
	if !w.benchmarks.none() {
		// go vet runs in the folder of each package, and the probe's is not there.
		args = append(args, "-vet=off", "-overlay="+b.overlay)
	}
	args = append(append(args, b.options.Flags...), w.ImportPath)
	if out, err := b.options.goCommand(ctx, args...).CombinedOutput(); err != nil {
		b.fail(w.listed, "building the tests", string(out))
		return
	}
	if len(w.scenarios) > 0 {
		b.options.say("listing the scenarios of %s", w.ImportPath)
		found, err := listScenarios(ctx, binary, w.Dir, w.scenarios)
		if err != nil {
			b.fail(w.listed, "listing the scenarios", err.Error())
		}
		b.found.Targets = append(b.found.Targets, found...)
	}
	if w.benchmarks.none() {
		return
	}
	b.options.say("running the benchmarks of %s once", w.ImportPath)
	tmp, err := os.MkdirTemp(b.options.Dir, "tmp")
	if err != nil {
		b.fail(w.listed, "making a folder for temporary files", err.Error())
		return
	}
	t := trial{binary: binary, pkg: w.listed, options: b.options, pattern: b.pattern, dir: tmp}
	t.run(ctx, w.benchmarks)
	t.warm(ctx)
	b.found.Targets = append(b.found.Targets, t.targets()...)
	b.found.Failed = append(b.found.Failed, t.failed...)
	for _, s := range t.skipped {
		name, _ := overlay.Unwrap(s)
		b.found.Skipped = append(b.found.Skipped, w.ImportPath+" "+name)
	}
}
