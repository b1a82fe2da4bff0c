package driver

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// runProgram measures a main package of the user's, built with the probe.
func (a *app) runProgram(ctx context.Context, o *runOptions, h held, base *stored, pkg string, args []string) (*highwater.Report, error) {
	b, err := a.buildProgram(ctx, h, o, pkg, args)
	defer b.close()
	if err != nil {
		return nil, err
	}
	a.sameUse(b.Targets, base)
	// One process after the other in all passes: they share ports and files.
	h.Jobs = new(1)
	s, err := a.begin(ctx, h, b.Targets, b, base)
	if err != nil {
		return nil, err
	}
	s.policy.Selected = func(id string) bool {
		return len(s.targets) == 0 || id == s.targets[0].Info.ID()
	}
	r, err := s.measure(ctx, o.quiet, o.verbose)
	if r != nil && !o.quiet && len(b.Targets) > 0 {
		fmt.Fprintf(a.Stderr, "%s: what the program and its load printed is in %s\n", a.Name, s.options.Dir)
	}
	return r, err
}

// buildProgram makes the target. A program that does not build is in the result,
// and so in the report.
func (a *app) buildProgram(ctx context.Context, h held, o *runOptions, pkg string, args []string) (built, error) {
	scratch, err := target.NewScratch("build")
	if err != nil {
		return built{}, err
	}
	b := built{scratch: scratch}
	var show *progress
	if !o.quiet {
		show = newProgress(a.Stderr)
	}
	p, err := target.BuildProgram(ctx, pkg, target.PackageOptions{Dir: scratch.Dir, Tags: strings.Join(h.Tags, ","), Race: isTrue(h.Race), Say: show.say, Leaks: o.leaks})
	show.end()
	var failed target.PackageError
	switch {
	case target.IsNoProgram(err):
		return b, usagef("run %w", err)
	case errors.As(err, &failed):
		b.Failed = []target.PackageError{failed}
		return b, nil
	case err != nil:
		return b, err
	}
	variant := ""
	if isTrue(h.Race) {
		variant = target.RaceVariant
		a.warn("--race: with the race detector a program holds several times as much: no limit is judged, and figures compare with those of --race only")
	}
	b.Targets = []target.Target{{
		Info: highwater.ScenarioInfo{
			Suite: p.Package, Name: o.scenarioName(withoutVersion(p.Package)), Variant: variant, Doc: o.use(args), Sessions: 1, Ops: max(o.ops, 1), NoBudget: true,
			Lacks: measure.Lacks(o.drive),
		},
		Path: p.Path, Args: args, Program: true, Drive: &o.drive,
	}}
	return b, nil
}

// use says what the program is given to do.
func (o *runOptions) use(args []string) string {
	use := "the program as a whole"
	if len(args) > 0 {
		use += fmt.Sprintf(", with the arguments %q", args)
	}
	if d := o.drive; d.Load != "" {
		use += fmt.Sprintf(", under the load %q", d.Load)
	}
	if d := o.drive; d.Duration > 0 {
		use += fmt.Sprintf(", for %s", d.Duration)
	}
	return harmless(use)
}

// sameUse warns where the program of the baseline was used in another way: what it
// holds may differ for that reason.
func (a *app) sameUse(targets []target.Target, base *stored) {
	if base == nil || len(targets) == 0 {
		return
	}
	here := targets[0].Info
	if before, ok := base.run.Scenario(here.ID()); ok && before.Doc != here.Doc {
		a.warn("the baseline is of %s; this is %s", before.Doc, here.Doc)
	}
}
