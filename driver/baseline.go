package driver

import (
	"context"
	"fmt"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/spf13/cobra"
)

// baselineRepeats are the processes of each pass that a baseline is made of: every
// later comparison rests on it. Where they differ so much that a later run could not be
// compared with them, it is made of up to baselineMaxRepeats.
const (
	baselineRepeats    = 5
	baselineMaxRepeats = 20
)

func (a *app) baseline() *cobra.Command {
	return group("baseline", "save, show and list baselines",
		`A baseline is a run given a name: what later runs are compared with. Named
baselines belong to the module that they are saved in and are kept in
highwater's state directory; a baseline in a file can be committed.`,
		a.example("baseline save main --scenario terminal_operations/cursor_operations", "baseline show main", "baseline list"),
		a.baselineSave(), a.baselineUpdate(), a.baselineShow(), a.baselineList())
}

func (a *app) baselineSave() *cobra.Command {
	o := &options{}
	var file, from string
	var force bool
	c := &cobra.Command{
		Use:   "save NAME|--output FILE [-- PACKAGE...]",
		Short: "measure, and keep the result as a baseline",
		Long: fmt.Sprintf(`Measure the scenarios, and keep the run under a name or in a file. It begins with
%d processes of each pass. Where they differ so much that a later run could not be
compared with them, more follow, up to %d or --max-repeats. With --repeats it is that
many. With --from a run that was measured before is taken instead.

Packages of the go command stand behind --, as in: baseline save main -- ./...

A run that does not pass is refused with exit status 1, and what the name or
file held before stays.`, baselineRepeats, baselineMaxRepeats),
		Example: a.example(
			"baseline save main --scenario terminal_operations/cursor_operations",
			"baseline save --output before.json --scenario terminal_operations/cursor_operations",
			"baseline save tuesday --from latest",
		),
		Args: cobra.ArbitraryArgs,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVarP(&file, "output", "o", "", "write the baseline to `file` instead of keeping it under a name")
	flags.StringVar(&from, "from", "", "take this stored `run` (an ID, latest, or a file) and measure nothing")
	flags.BoolVar(&force, "force", false, "save also a run that does not pass")
	o.add(flags, whatFlags, measureFlags, judgeFlags)
	o.add(flags, benchFlags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		ctx := cmd.Context()
		names := args
		if i := cmd.ArgsLenAtDash(); i >= 0 {
			names, o.said.Packages = args[:i], args[i:]
		}
		path, name, err := a.destination(ctx, names, file)
		if err != nil {
			return 0, err
		}
		r, err := a.worth(ctx, o, from)
		if r == nil {
			return 0, err
		}
		if err == nil && ctx.Err() != nil {
			err = fmt.Errorf("interrupted: the baseline is not written, what was measured is in %s", r.RunFile)
		}
		if err != nil {
			return 0, err
		}
		run := *r.Run
		run.Name = name
		if err := store.SaveBaseline(path, &run, r, force); err != nil {
			return a.refused(o, r, err)
		}
		_, err = fmt.Fprintf(a.Stdout, "baseline %s: %s of run %s, in %s\n", name, count(len(run.Scenarios), "scenario"), run.ID, path)
		return highwater.ExitOK, err
	})
	return c
}

// destination is the file that a baseline goes to, and what it is called.
func (a *app) destination(ctx context.Context, args []string, file string) (path, name string, err error) {
	switch {
	case len(args) > 1:
		return "", "", usagef("baseline save: unexpected argument %q: packages stand behind --", args[1])
	case len(args) == 1 && file != "":
		return "", "", usagef("baseline save: give a name or --output FILE, not both; packages stand behind --")
	case len(args) == 1:
		path, err := store.BaselinePath(a.module(ctx), args[0])
		return path, args[0], usage(err)
	case file != "":
		if err := writable(file); err != nil {
			return "", "", usagef("--output %s: %w", file, err)
		}
		base := filepath.Base(file)
		return file, base[:len(base)-len(filepath.Ext(base))], nil
	}
	return "", "", usagef("baseline save: say under which name, or in which file with --output FILE")
}

// worth measures, or takes the run that from names, and judges it by its limits
// alone: what is to become the baseline has none.
func (a *app) worth(ctx context.Context, o *options, from string) (*highwater.Report, error) {
	if from != "" {
		h, err := a.resolve(o)
		if err != nil {
			return nil, err
		}
		run, err := a.lookup(ctx, from)
		if err != nil {
			return nil, err
		}
		return judge(run, nil, a.policy(h)), nil
	}
	h, err := a.resolve(o)
	if err != nil {
		return nil, err
	}
	if h.Repeats == nil {
		h.Repeats = new(baselineRepeats)
	}
	h.lasting, h.compared = o.said.Repeats == nil, true
	return a.measure(ctx, h, o, nil)
}

// refused shows why a run did not become a baseline.
func (a *app) refused(o *options, r *highwater.Report, err error) (int, error) {
	if r.Exit == highwater.ExitOK {
		return 0, err
	}
	places, sinkErr := a.sinks(&options{verbose: o.verbose})
	if sinkErr != nil {
		return 0, sinkErr
	}
	if renderErr := a.render(places, r); renderErr != nil {
		return 0, renderErr
	}
	return 0, &statusError{r.Exit, err}
}

func (a *app) baselineShow() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use:   "show NAME|FILE|DIR",
		Short: "show what a baseline holds",
		Long: `Print the baseline as a report, held to the limits of today. The exit status
is that of the report.`,
		Example: a.example("baseline show main", "baseline show before.json --format markdown"),
		Args:    arguments(1, 1, "the name, file or directory of one baseline"),

		ValidArgsFunction: a.completeReference,
	}
	flags := c.Flags()
	flags.SortFlags = false
	o.output.add(flags, a.formats())
	o.add(flags, judgeFlags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		return a.show(cmd.Context(), o, args[0], nil)
	})
	return c
}

func (a *app) baselineList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "list the named baselines of this module",
		Long:    "List the named baselines of the module in the working directory.",
		Example: a.example("baseline list"),
		Args:    arguments(0, 0, "no argument"),
		RunE: a.verb(func(cmd *cobra.Command, _ []string) (int, error) {
			module := a.module(cmd.Context())
			all, err := store.ListBaselines(module)
			if err != nil {
				return 0, err
			}
			if len(all) == 0 {
				_, err := fmt.Fprintf(a.Stdout, "no baselines of %s; `%s baseline save NAME` makes one\n", module, a.Name)
				return highwater.ExitOK, err
			}
			exit := highwater.ExitOK
			w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
			for _, b := range all {
				if b.Err != nil {
					a.complain(fmt.Errorf("baseline %s: %w", b.Name, b.Err))
					exit = highwater.ExitError
					continue
				}
				fmt.Fprintf(w, "%s\t%s\t%s\trun %s\n", b.Name, b.Created.Local().Format(time.DateTime), count(b.Scenarios, "scenario"), b.RunID)
			}
			return exit, w.Flush()
		}),
	}
}
