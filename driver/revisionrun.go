package driver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/highwater-dev/highwater/internal/why"
)

// runRevisions compares two source trees.
func (a *app) runRevisions(ctx context.Context, o *options, trees revisionOptions, list bool) (int, error) {
	if o.said.Baseline != nil {
		return 0, usagef("--baseline and --base are both to compare with: give one of them")
	}
	if list {
		return 0, usagef("--list shows one source tree: leave %s out", "--base, --head, --base-mod and --head-mod")
	}
	h, err := a.resolve(o)
	if err != nil {
		return 0, err
	}
	h.Baseline = nil // that of the configuration
	if len(h.Packages) == 0 {
		h.Packages = []string{"./..."}
	}
	places, err := a.sinks(o)
	if err != nil {
		return 0, err
	}
	s, err := a.sides(ctx, trees)
	defer s.close()
	if err != nil {
		return 0, a.unmeasurable(places, gate.CheckBaseline, err)
	}
	r, err := a.compareTrees(ctx, h, o, s)
	if r == nil {
		return 0, a.unmeasurable(places, "build", err)
	}
	return a.conclude(ctx, places, r, errors.Join(err, a.remember(ctx, h, o, r)))
}

// compareTrees builds both sides, measures them in turn and judges the head.
func (a *app) compareTrees(ctx context.Context, h held, o *options, s sides) (*highwater.Report, error) {
	begun := time.Now()
	if err := a.buildSides(ctx, h, o, s); err != nil {
		return nil, err
	}
	for _, one := range s {
		if !o.quiet {
			for _, n := range one.source.Notes {
				a.warn("%s: %s", one.source, n)
			}
		}
	}
	if err := a.pair(h, o, s); err != nil {
		return nil, err
	}
	if o.verbose && !o.quiet {
		fmt.Fprintf(a.Stderr, "%s: both sides were built and their benchmarks run once in %.1f s\n", a.Name, time.Since(begun).Seconds())
	}
	c, err := a.beginSides(ctx, h, s)
	if err != nil {
		return nil, err
	}
	r, err := c.measure(ctx, o.quiet, o.verbose)
	if r == nil || ctx.Err() != nil {
		return r, err
	}
	a.explain(ctx, r, s, o)
	return r, err
}

// explain lets the report say which lines are behind what has changed. A report
// without that is a report nevertheless.
func (a *app) explain(ctx context.Context, r *highwater.Report, s sides, o *options) {
	var show *progress
	if !o.quiet {
		show = newProgress(a.Stderr)
	}
	err := why.Explain(ctx, r, why.Options{
		Base: why.Side{Dir: s[0].module, Flags: s[0].flags, Env: s[0].env},
		Head: why.Side{Dir: s[1].module, Flags: s[1].flags, Env: s[1].env},
		Say:  show.say,
	})
	show.end()
	if err != nil && ctx.Err() == nil {
		a.warn("%v", err)
	}
}

// buildSides builds both sides at once.
func (a *app) buildSides(ctx context.Context, h held, o *options, s sides) error {
	po, err := packageOptions(h)
	if err == nil {
		err = a.notScenarios(h.Packages)
	}
	if err != nil {
		return err
	}
	for _, one := range s {
		if one.built.scratch, err = target.NewScratch("build"); err != nil {
			return err
		}
	}
	var show *progress
	if !o.quiet {
		show = newProgress(a.Stderr)
	}
	defer show.end()
	var wg sync.WaitGroup
	var errs [len(s)]error
	for i, one := range s {
		po := po
		po.Root, po.Flags, po.Env = one.root, one.flags, one.env
		po.Say = func(what string) { show.say(one.name + ": " + what) }
		po.Dir = one.built.scratch.Dir
		one.built.options = po
		wg.Go(func() {
			one.built.Found, errs[i] = target.Packages(ctx, one.patterns(h.Packages), po)
			if errs[i] != nil && ctx.Err() == nil {
				errs[i] = fmt.Errorf("the %s, %s: %w", one.name, one.source, errs[i])
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return errors.New("interrupted while both sides were built and tried: nothing was measured")
	}
	return errors.Join(errs[:]...)
}

// patterns are those of packages, in the side's tree: a folder of the user's own is
// the same one there.
func (s *side) patterns(patterns []string) []string {
	wd, err := os.Getwd()
	if s.root == "" || err != nil {
		return patterns
	}
	there := make([]string, len(patterns))
	for i, p := range patterns {
		there[i] = p
		if filepath.IsAbs(p) {
			if rel, err := filepath.Rel(wd, p); err == nil {
				there[i] = "." + string(filepath.Separator) + rel
				if strings.HasPrefix(rel, "..") {
					there[i] = rel
				}
			}
		}
	}
	return there
}

// pair leaves the scenarios that are asked for, and gives those that both sides
// have the same amount of work.
func (a *app) pair(h held, o *options, s sides) error {
	for _, one := range s {
		for _, name := range one.built.Skipped {
			if !o.quiet {
				a.warn("%s: %s skipped itself and is not measured", one.source, name)
			}
		}
		var err error
		if one.built.Targets, one.skipped, err = h.keep(one.built.Targets, one.built); err != nil {
			return err
		}
		if len(h.Scenarios) > 0 {
			one.built.Targets = slices.DeleteFunc(one.built.Targets, func(t target.Target) bool {
				return !slices.ContainsFunc(h.Scenarios, func(p string) bool { return config.Match(p, t.Info.ID()) })
			})
		}
	}
	base, head := &s[0].built, &s[1].built
	if len(head.Targets)+len(head.Failed)+len(base.Targets)+len(base.Failed) == 0 {
		return usagef("there is no benchmark and no memtest scenario in %s on either side%s; see docs/revisions.md", strings.Join(h.Packages, " "), among(h.Scenarios))
	}
	for i := range base.Targets {
		for j := range head.Targets {
			if base.Targets[i].Info.ID() == head.Targets[j].Info.ID() {
				target.Equalise(&base.Targets[i], &head.Targets[j])
			}
		}
	}
	return nil
}

func among(scenarios []string) string {
	if len(scenarios) == 0 {
		return ""
	}
	return " that --scenario " + strings.Join(scenarios, ", ") + " names"
}

// unmeasured puts into the base's run, for every scenario of the head whose package
// or benchmark failed in the base, why it did: there is nothing to compare it with,
// and it is not new.
func (a *app) unmeasured(run *highwater.Run, s sides) {
	for _, f := range s[0].built.Failed {
		if s[0].absent(f, s[1]) {
			continue // the package is new
		}
		a.warn("%s: %v", s[0].source, f)
		if s[0].tree != nil && f.Name == "" {
			a.warn("%s is built from what git has of it: files that are ignored, generated, or outside of the repository are not there", s[0].source)
		}
		detail := "could not be run: " + f.Step + " failed"
		status := highwater.StatusNoStart
		if f.Name != "" {
			detail, status = f.Step+" failed", highwater.StatusFailed
		}
		if said := firstLine(f); said != "" {
			detail += ": " + said
		}
		for _, t := range s[1].built.Targets {
			_, there := run.Scenario(t.Info.ID())
			if t.Info.Suite != f.Package || f.Name != "" && t.Info.Name != f.Name || there {
				continue
			}
			run.Scenarios = append(run.Scenarios, t.Info)
			run.Measurements = append(run.Measurements, highwater.Measurement{
				Scenario: t.Info.ID(), Pass: highwater.PassNatural, Started: time.Now().UTC().Truncate(time.Millisecond),
				Outcome: highwater.Outcome{Status: status, Detail: detail, Stderr: tail(f.Output)},
			})
		}
	}
}

// absent reports whether a package that could not be loaded is not in the side at
// all, going by the folder that it has on the other.
func (s *side) absent(f target.PackageError, other *side) bool {
	if f.Name != "" {
		return false
	}
	for _, t := range other.built.Targets {
		rel, err := filepath.Rel(other.module, t.Dir)
		if t.Info.Suite != f.Package || err != nil || !filepath.IsLocal(rel) {
			continue
		}
		files, _ := filepath.Glob(filepath.Join(s.module, rel, "*.go"))
		return len(files) == 0
	}
	return false
}

// firstLine is the line of a failure that says most.
func firstLine(f target.PackageError) string {
	if f.Cause != "" {
		return f.Cause
	}
	for line := range strings.Lines(f.Output) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return ""
}
