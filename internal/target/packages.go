package target

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// memtestPath is the package whose importers have scenarios.
const memtestPath = "github.com/highwater-dev/highwater/memtest"

// PackageError is a package, or a benchmark, that could not be built, listed or
// run. The others are measured all the same.
type PackageError struct {
	Package string
	Name    string // of the benchmark; "" for the package
	Step    string // building the tests, listing the scenarios
	Output  string // what the compiler or the process said
	Cause   string // the line that says most, "" where no line stands out
}

func (e PackageError) Error() string {
	return fmt.Sprintf("%s: %s failed:\n%s", e.Package, e.Step, strings.TrimSpace(e.Output))
}

// PackageOptions say how packages are built and which of their benchmarks are
// measured.
type PackageOptions struct {
	Dir string // where test binaries are written
	// Root is the working directory of every go command; "" for the current one.
	// Patterns are meant from there.
	Root string
	// Flags are added to every go list and go test, such as -modfile=FILE.
	Flags []string
	// Env is added to highwater's own environment for every go command, such as
	// GOWORK=off. It is not in that of the measured processes.
	Env  []string
	Tags string // build tags, as the go command takes them
	Race bool   // with the race detector; the targets are of the variant "race"
	// Leaks lets the probe of a program have the runtime's leak profile.
	Leaks bool

	Bench string // pattern of benchmarks, as go test takes it; "" for all
	// Tests and Examples are patterns of those that are measured, as go test -run
	// takes them; "" for none.
	Tests, Examples string

	// CPUs are the GOMAXPROCS of natural processes, each a variant of its own
	// ("cpu=4"); none: the user's own.
	CPUs []int
	// Ops is the number of operations of every benchmark. With 0 it is what Known
	// says of the scenario with that ID, and where that is 0, what takes about as
	// long as Time, or a tenth of a second.
	Ops   int
	Time  time.Duration
	Known func(id string) int
	// CollectorTime is about how long a benchmark runs in the collector pass, and
	// 300 ms at least.
	CollectorTime time.Duration

	// Timeout bounds a process that runs benchmarks once, to find them; 0 means two
	// minutes. One that is still running is ended, and the others are run without it.
	Timeout time.Duration

	// InSource leaves the benchmarks, tests and examples as they stand in the source:
	// nothing is built for them, and those within others are not found.
	InSource bool
	// Jobs is how many test binaries are tried at once; 0 means one for each CPU.
	Jobs int

	// Skip tells what is not even built or run: by the import path of a package, or
	// that of a benchmark or test behind the one of its package. Nil skips nothing.
	Skip func(id string) bool

	Say func(what string) // told what is under way, by several at once; may be nil
}

func (o PackageOptions) say(format string, args ...any) {
	if o.Say != nil {
		o.Say(fmt.Sprintf(format, args...))
	}
}

func (o PackageOptions) skip(id string) bool { return o.Skip != nil && o.Skip(id) }

// Found is what packages have that can be measured.
type Found struct {
	Targets []Target
	Failed  []PackageError
	Skipped []string // benchmarks that skipped themselves, with their packages
	Left    []string // what PackageOptions.Skip named
	Listed  []string // import paths that the patterns name, also of what has nothing to measure
}

func (f *Found) add(g Found) {
	f.Targets = append(f.Targets, g.Targets...)
	f.Failed = append(f.Failed, g.Failed...)
	f.Skipped = append(f.Skipped, g.Skipped...)
}

// Packages builds the tests of the packages that the patterns name, and finds the
// benchmarks and the memtest scenarios in them. Nothing is written but below
// o.Dir. Failures of single packages are beside the targets.
func Packages(ctx context.Context, patterns []string, o PackageOptions) (Found, error) {
	b := builder{options: o}
	var err error
	if b.pattern, err = splitPattern(o.Bench); err != nil {
		return Found{}, fmt.Errorf("the pattern of benchmarks %q: %w", o.Bench, err)
	}
	// An empty pattern of these is none, and not all.
	if o.Tests != "" {
		if b.tests, err = splitPattern(o.Tests); err != nil {
			return Found{}, fmt.Errorf("the pattern of tests %q: %w", o.Tests, err)
		}
	}
	if o.Examples != "" {
		if b.examples, err = splitPattern(o.Examples); err != nil {
			return Found{}, fmt.Errorf("the pattern of examples %q: %w", o.Examples, err)
		}
	}
	o.say("listing packages")
	list, err := listPackages(ctx, patterns, o)
	if err != nil {
		return Found{}, err
	}
	for _, p := range list {
		b.found.Listed = append(b.found.Listed, p.ImportPath)
	}
	if err := b.read(ctx, list); err != nil {
		return Found{}, err
	}
	if o.InSource {
		b.standing()
	}
	b.compile(ctx)
	var tried atomic.Int64
	b.each(ctx, b.work, func(w *work) {
		o.say("trying %d of %d packages: %s", tried.Add(1), len(b.work), w.ImportPath)
		b.try(ctx, w)
	})
	for _, w := range b.work {
		b.found.add(w.found)
	}
	return b.found, ctx.Err()
}

// each calls f for every one, some at a time.
func (b *builder) each(ctx context.Context, all []*work, f func(*work)) {
	n := b.options.Jobs
	if n <= 0 {
		n = runtime.NumCPU()
	}
	queue := make(chan *work)
	var wg sync.WaitGroup
	for range min(n, len(all)) {
		wg.Go(func() {
			for w := range queue {
				if ctx.Err() == nil {
					f(w)
				}
			}
		})
	}
	for _, w := range all {
		queue <- w
	}
	close(queue)
	wg.Wait()
}

// listed is the part of `go list -json` that matters here.
type listed struct {
	ImportPath   string
	Name         string
	Dir          string
	Module       *struct{ Path, Dir string }
	TestGoFiles  []string
	XTestGoFiles []string
	TestImports  []string
	XTestImports []string
	Error        *struct{ Err string }
}

// flags are those that go list and go test have in common.
func (o PackageOptions) flags() []string {
	flags := slices.Concat([]string{"-tags=" + o.Tags}, o.Flags)
	if o.Race {
		flags = append(flags, "-race")
	}
	return flags
}

func listPackages(ctx context.Context, patterns []string, o PackageOptions) ([]listed, error) {
	args := []string{"list", "-e", "-json=ImportPath,Name,Dir,Module,TestGoFiles,XTestGoFiles,TestImports,XTestImports,Error"}
	out, stderr, err := o.run(ctx, slices.Concat(args, o.flags(), []string{"--"}, patterns)...)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w\n%s", strings.Join(patterns, " "), err, bytes.TrimSpace(stderr))
	}
	var list []listed
	d := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading what go list says: %w", err)
		}
		list = append(list, p)
	}
}
