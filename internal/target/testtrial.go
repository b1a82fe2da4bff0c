package target

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/overlay"
)

// TestDoc and ExampleDoc describe scenarios that are tests and examples.
const (
	TestDoc    = "test, called once"
	ExampleDoc = "example, called once"
)

// tryTests calls every selected test and example once, each in a process of its
// own, as it will be measured.
func (b *builder) tryTests(ctx context.Context, t *trial, w *work) {
	for _, f := range []struct {
		overlay.Functions
		external bool
	}{{w.functions.internal, false}, {w.functions.external, true}} {
		for _, name := range f.Tests {
			for _, a := range b.tests {
				if a.top(name) && ctx.Err() == nil {
					t.test(ctx, w, f.external, name, TestDoc, a)
				}
			}
		}
		for _, e := range f.Examples {
			if ctx.Err() == nil {
				t.test(ctx, w, f.external, e.Name, ExampleDoc, alternative{""})
			}
		}
	}
}

// test calls one, and makes targets of it, or of the subtests that the pattern has
// an element for.
func (t *trial) test(ctx context.Context, w *work, external bool, name, doc string, a alternative) {
	out := &BenchOutput{}
	args := append(testArgs(overlay.AnyTest(external, []string{name}, a[1:])), "-test.v=test2json")
	exit := Launch(ctx, t.binary, args, t.env(), t.pkg.Dir, Limits{Timeout: t.timeout(), Output: out})
	if ctx.Err() != nil {
		return
	}
	var names []string
	for _, full := range out.ran {
		sub, _ := overlay.Unwrap(full)
		if sub != "" && 1+strings.Count(sub, "/") == len(a) && !slices.Contains(names, sub) {
			names = append(names, sub)
		}
	}
	why := t.ended(exit)
	if why == "" && len(out.ran) == 0 {
		why = "it ended well and did not run " + name + "; does TestMain call m.Run?"
	}
	if why != "" {
		e := PackageError{
			Package: w.ImportPath, Name: scenarioName(name), Step: "running " + name + " once",
			Output: strings.TrimSpace(why + "\n" + unframed(exit.Stderr)), Cause: cause(why, exit.Stderr),
		}
		w.found.Failed = append(w.found.Failed, e)
		return
	}
	for _, sub := range names {
		if slices.ContainsFunc(out.skipped, func(s string) bool {
			skipped, _ := overlay.Unwrap(untimed(s))
			return skipped == sub
		}) {
			w.found.Skipped = append(w.found.Skipped, w.ImportPath+" "+sub)
			continue
		}
		w.found.add(Found{Targets: t.testTargets(w, overlay.TestPattern(external, sub), sub, doc)})
	}
}

func (t *trial) testTargets(w *work, pattern, name, doc string) []Target {
	var targets []Target
	for _, v := range t.options.variants() {
		info := highwater.ScenarioInfo{
			Suite: w.ImportPath, Name: scenarioName(name), Variant: v.name, Doc: doc, Sessions: 1, Ops: 1, NoBudget: true,
			Omit: map[highwater.Pass]string{highwater.PassCollector: "a test is called once, which is too little for the collector's share"},
		}
		for pass, why := range v.omit {
			info.Omit[pass] = why
		}
		if slices.ContainsFunc(w.found.Targets, func(other Target) bool { return other.Info.ID() == info.ID() }) {
			continue // two parts of the pattern select it
		}
		target := Target{Info: info, Path: t.binary, Dir: t.pkg.Dir, Bench: true, Test: true, Args: testArgs(pattern)}
		if v.cpu > 0 {
			target.PassArgs = map[highwater.Pass][]string{highwater.PassNatural: {fmt.Sprintf("-test.cpu=%d", v.cpu)}}
		}
		targets = append(targets, target)
	}
	return targets
}

// testArgs are the arguments with which a test binary runs those tests and nothing
// else.
func testArgs(pattern string) []string {
	return []string{"-test.run=" + pattern, "-test.count=1", "-test.timeout=0"}
}

// untimed takes off how long a test took, which testing prints behind its name.
func untimed(name string) string {
	name, _, _ = strings.Cut(name, " (")
	return name
}

// unframed takes out the marks that testing's own lines have.
func unframed(s string) string { return strings.ReplaceAll(s, framing, "") }

// cause is the line of the output that says most of why a process ended: of its
// panic, or where a test failed.
func cause(why, output string) string {
	for line := range strings.Lines(unframed(output)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") || strings.Contains(line, "_test.go:") {
			return line
		}
	}
	return why
}
