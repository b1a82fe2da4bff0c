package target

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/overlay"
)

// trial runs every benchmark of a test binary for one operation: this finds the
// sub-benchmarks, shows that each works, and how long an operation takes.
type trial struct {
	binary  string
	pkg     listed
	options PackageOptions
	pattern []alternative
	dir     string // for temporary files

	seen    map[string]bool // top-level benchmarks that were begun, by full name
	found   []BenchResult
	failed  []PackageError
	skipped []string // full names
}

// timeout bounds a process of the trial.
func (t *trial) timeout() time.Duration { return cmp.Or(t.options.Timeout, 2*time.Minute) }

// run makes the trial, in a fresh process after each benchmark that ends one.
func (t *trial) run(ctx context.Context, internals, externals []string) {
	t.seen = map[string]bool{}
	for ctx.Err() == nil {
		internal, external := t.left(internals, false), t.left(externals, true)
		if len(internal)+len(external) == 0 {
			return
		}
		begun := len(t.seen)
		out := &BenchOutput{}
		exit := Launch(ctx, t.binary, t.args(internal, external), t.env(), t.pkg.Dir, Limits{Timeout: t.timeout(), Output: out})
		if ctx.Err() != nil {
			return
		}
		t.learn(out)
		why := t.ended(exit)
		if exit.TimedOut && t.again(out) {
			continue
		}
		switch {
		case len(t.seen) == begun:
			if why == "" {
				why = "it ended well and ran none of " + strings.Join(append(internal, external...), ", ") + "; does TestMain call m.Run?"
			}
			t.failed = append(t.failed, PackageError{Package: t.pkg.ImportPath, Step: "running the benchmarks once", Output: why + "\n" + exit.Stderr})
			return
		case !out.ended: // in the middle of a benchmark
			if why == "" {
				why = "it ended the process"
			}
			t.fail(out.running, why, out.printed.String())
		}
	}
}

// Operations that took less than quick at first are timed again, warm.
const (
	quick     = time.Millisecond
	warmTimes = "100x"
	// mostPattern is how long a pattern may be: arguments are bounded.
	mostPattern = 64 << 10
)

// warm times quick benchmarks over more than one operation: the first one finds
// cold caches and empty pools. Where this fails the first figures stay; why it
// failed will be seen when the benchmark is measured.
func (t *trial) warm(ctx context.Context) {
	var patterns []string
	index := map[string]int{}
	size := 0
	flush := func() {
		if len(patterns) == 0 || ctx.Err() != nil {
			return
		}
		out := &BenchOutput{}
		args := append(benchArgs(strings.Join(patterns, "|")), "-test.benchtime="+warmTimes, "-test.v=test2json")
		Launch(ctx, t.binary, args, t.env(), t.pkg.Dir, Limits{Timeout: t.timeout(), Output: out})
		for _, r := range out.Results() {
			if i, ok := index[r.Name]; ok {
				t.found[i] = r
			}
		}
		patterns, size = nil, 0
	}
	for i, r := range t.found {
		if r.Seconds > quick.Seconds() {
			continue
		}
		name, external := overlay.Unwrap(r.Name)
		p := overlay.Pattern(external, name)
		if size += len(p) + 1; size > mostPattern {
			flush()
		}
		patterns, index[r.Name] = append(patterns, p), i
	}
	flush()
}

// left are the names that were not begun yet.
func (t *trial) left(names []string, external bool) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return t.seen[fullName(external, n)] })
}

func fullName(external bool, name string) string { return fmt.Sprintf("%t/%s", external, name) }

// args select the benchmarks, with what the pattern says of their sub-benchmarks.
func (t *trial) args(internal, external []string) []string {
	var patterns []string
	for _, a := range t.pattern {
		if names := selected(internal, []alternative{a}); len(names) > 0 {
			patterns = append(patterns, overlay.Any(false, names, a[1:]))
		}
		if names := selected(external, []alternative{a}); len(names) > 0 {
			patterns = append(patterns, overlay.Any(true, names, a[1:]))
		}
	}
	args := benchArgs(strings.Join(patterns, "|"))
	args = append(args, "-test.benchtime=1x", "-test.v=test2json")
	if len(t.options.CPUs) > 0 {
		args = append(args, fmt.Sprintf("-test.cpu=%d", t.options.CPUs[0]))
	}
	return args
}

// benchArgs are the arguments with which a test binary runs benchmarks and
// nothing else.
func benchArgs(pattern string) []string {
	return []string{"-test.run=^$", "-test.bench=" + pattern, "-test.benchmem", "-test.count=1", "-test.timeout=0"}
}

func (t *trial) env() []string {
	return append(os.Environ(), "TMPDIR="+t.dir, "TMP="+t.dir, "TEMP="+t.dir)
}

// ended says how a process ended that did not end well.
func (t *trial) ended(e Exit) string {
	switch {
	case e.Err != "":
		return e.Err
	case e.TimedOut:
		return fmt.Sprintf("it was still running after %s", t.timeout())
	case e.Signal != "":
		return "the test binary was killed: " + e.Signal
	case e.Code != 0:
		return fmt.Sprintf("the test binary exited with status %d", e.Code)
	}
	return ""
}

// learn takes over what a process has printed.
func (t *trial) learn(o *BenchOutput) {
	for _, name := range o.begun {
		n, external := overlay.Unwrap(name)
		t.seen[fullName(external, n)] = true
	}
	t.found = append(t.found, o.results...)
	t.skipped = append(t.skipped, o.skipped...)
	for _, name := range slices.Sorted(maps.Keys(o.failed)) {
		// A benchmark with a sub-benchmark that failed has failed, too.
		if n, _ := overlay.Unwrap(name); n == "" || containsBelow(o.failed, name) {
			continue
		}
		t.fail(name, "", o.failed[name])
	}
}

func containsBelow(failed map[string]string, name string) bool {
	for other := range failed {
		if strings.HasPrefix(other, name+"/") {
			return true
		}
	}
	return false
}

// again gives the benchmark in which the time ran out a process of its own, unless
// it had one: those before it may have taken most of the time.
func (t *trial) again(o *BenchOutput) bool {
	if len(o.begun) < 2 {
		return false
	}
	last := o.begun[len(o.begun)-1]
	n, external := overlay.Unwrap(last)
	delete(t.seen, fullName(external, n))
	t.found = slices.DeleteFunc(t.found, func(r BenchResult) bool { return r.Name == last || strings.HasPrefix(r.Name, last+"/") })
	return true
}

// fail notes a benchmark that did not work. Why is known where the process ended;
// a panic says more.
func (t *trial) fail(full, why, output string) {
	name, _ := overlay.Unwrap(full)
	cause := why
	for line := range strings.Lines(output) {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			cause = strings.TrimSpace(line)
			break
		}
	}
	t.failed = append(t.failed, PackageError{
		Package: t.pkg.ImportPath, Name: scenarioName(name), Step: "running " + name + " once",
		Output: strings.TrimSpace(why + "\n" + output), Cause: cause,
	})
}
