package driver

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/target"
)

// optimizeOptions are what the flags of debug optimize say.
type optimizeOptions struct {
	frontier bool   // --frontier
	verify   string // --verify
}

func (o *optimizeOptions) add(flags *pflag.FlagSet) {
	flags.BoolVar(&o.frontier, "frontier", false, "also run scenarios at several settings of GOGC and GOMEMLIMIT, for optimize: what memory costs in CPU time")
	flags.StringVar(&o.verify, "verify", "", "say whether the savings that were advised on at `BASE` are real, for optimize: a result of --format json, a Run file, or a git revision, built and measured in turn")
}

func (o optimizeOptions) check(command string) error {
	switch {
	case command == "optimize" || o == optimizeOptions{}:
		return nil
	case o.frontier:
		return usagef("--frontier is for debug optimize")
	}
	return usagef("--verify is for debug optimize")
}

// advised is one thing that was looked at: what is known of it, and where the rest is to be
// had.
type advised struct {
	name, how string
	evidence  advise.Evidence
	program   string // its executable; "" where there is none at hand
	noProgram string // why there is none
	module    string // of which it is, where the executable does not tell
	failed    []string
	target    *target.Target // nil where it is nothing that can be run again
}

// optimize says what to change.
func (a *app) optimize(ctx context.Context, o *debugOptions, h held, args []string, dash int) (int, error) {
	out, closeOut, err := a.outputTo(o.file)
	if err != nil {
		return 0, err
	}
	defer closeOut()
	d, err := a.optimized(ctx, o, h, args, dash)
	if err != nil {
		return 0, err
	}
	if o.format == "json" {
		err = report.Indented(out, d)
	} else {
		err = report.AdvicePaper(d, o.most).Write(out, o.format)
	}
	exit := exitOf(err)
	for _, s := range d.Subjects {
		for _, f := range s.Failed {
			exit = highwater.ExitError
			if o.format == "json" { // the others say it on top
				a.complain(fmt.Errorf("not measured: %s", f))
			}
		}
	}
	return exit, err
}

// optimized finds what is named, looks at it, and advises.
func (a *app) optimized(ctx context.Context, o *debugOptions, h held, args []string, dash int) (advise.Document, error) {
	running := o.pid != 0 || o.url != "" || dash >= 0
	if len(args) == 1 && !running && o.optimizing.verify == "" {
		if d, ok, err := a.adviseStored(ctx, o, args[0]); ok || err != nil {
			return d, err
		}
	}
	if !running && len(args) == 1 && h.Bench == nil && o.said.Scenarios == nil {
		l, program, err := a.openProgram(ctx, o, h, args[0])
		if err == nil {
			return a.adviseWatched(ctx, o, l, program)
		}
		if !target.IsNoProgram(err) {
			return advise.Document{}, err
		}
	}
	if running {
		l, err := a.open(ctx, &o.profilerOptions, h, args, dash)
		if err != nil {
			return advise.Document{}, err
		}
		return a.adviseWatched(ctx, o, l, "")
	}
	h.Packages = args // those of the configuration are for gates
	if o.said.Scenarios == nil {
		h.Scenarios = nil
	}
	if o.optimizing.verify != "" {
		return a.verify(ctx, o, h)
	}
	all, run, done, err := a.adviseMeasured(ctx, o, h, nil)
	defer done()
	if err == nil && o.optimizing.frontier {
		err = a.frontiers(ctx, o, h, all)
	}
	return a.concludeAdvice(ctx, o, all, run, side{}, err)
}

// concludeAdvice brings source, compiler and types in, and advises. Sources are those of
// the side.
func (a *app) concludeAdvice(ctx context.Context, o *debugOptions, all []advised, run *highwater.Run, s side, err error) (advise.Document, error) {
	d := advise.Document{Schema: advise.DocumentSchema, Subjects: []advise.Subject{}, Run: run}
	if err != nil {
		return d, err
	}
	a.sources(ctx, o, all, s)
	if ctx.Err() != nil {
		return d, fmt.Errorf("interrupted: %w", ctx.Err())
	}
	for _, one := range all {
		subject := advise.Of(one.name, one.how, one.evidence)
		subject.Failed = one.failed
		d.Subjects = append(d.Subjects, subject)
	}
	return d, nil
}
