package driver

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) compare() *cobra.Command {
	o, by := &options{}, ""
	c := &cobra.Command{
		Use:   "compare A B [RUN...]",
		Short: "compare two runs: is B worse than A?",
		Long: `Judge run B as gates would, with run A as its baseline, and measure nothing.
Each is a Run file, a directory with one, the name of a baseline, the ID of a
stored run, or latest. Two snapshots of the profiler, each as RUN:NUMBER, are set
side by side: what of memory, sites and goroutines has changed, and how fast.

With --by any number of runs are set side by side, and nothing is judged: a table
for each metric, with a column for each combination of what --by names, of:
` + byKeys() + `.
Runs that do not differ in these are repeats of one column; runs that differ in
something else that matters are refused, or not compared by what it matters to. The
first column is what the others are compared with. * marks differences that are
real, ! those that are larger than a regression may be, ~ scenarios that go another
way than the others. What a platform cannot measure is unsupported, with the reason.
The exit status is then 0 whatever differs, and 2 where something is missing.`,
		Example: a.example("compare before.json after.json", "compare main latest --format markdown",
			"compare --by goos,goarch,go linux.json macos.json", "compare --by goos linux.json macos.json --format markdown"),
		Args: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("by") {
				return arguments(2, mostRuns, "two runs or more")(cmd, args)
			}
			if len(args) > 2 {
				return usagef("%sunexpected argument %q: want two runs, the earlier one first, or --by goos,goarch,go to set more side by side", path(cmd), args[2])
			}
			return arguments(2, 2, "two runs, the earlier one first")(cmd, args)
		},

		ValidArgsFunction: a.completeReference,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&by, "by", "", "set runs side by side that differ in these `conditions`, such as goos,goarch,go")
	o.output.add(flags, a.formats())
	o.add(flags, judgeFlags)
	o.addLabels(flags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		if cmd.Flags().Changed("by") {
			return a.compareBy(cmd.Context(), o, by, args)
		}
		before, isBefore, err := a.snapshotOf(cmd.Context(), args[0])
		if err != nil {
			return 0, err
		}
		after, isAfter, err := a.snapshotOf(cmd.Context(), args[1])
		switch {
		case err != nil:
			return 0, err
		case isBefore && isAfter:
			return a.showDifference(o, before, after)
		case isBefore || isAfter:
			return 0, usagef("a snapshot is compared with a snapshot, as in %s compare RUN:1 RUN:2", a.Name)
		}
		return a.show(cmd.Context(), o, args[1], &args[0])
	})
	return c
}

// show judges and renders a stored run, against a baseline where one is named.
func (a *app) show(ctx context.Context, o *options, ref string, baseline *string) (int, error) {
	h, places, base, err := a.judging(ctx, o, baseline)
	if err != nil {
		return 0, err
	}
	run, err := a.find(ctx, ref)
	if err != nil {
		return 0, err
	}
	if run.run == nil { // a report of why nothing was measured
		return a.conclude(ctx, places, run.judged.Report, nil)
	}
	if all := snapshotsOf(run.run); len(all) > 0 {
		if base != nil {
			return 0, usagef("%s holds snapshots: name two of them, as in %s compare %s:1 %s:%d", ref, a.Name, ref, ref, len(all))
		}
		po := &profilerOptions{options: *o}
		po.format = o.output.format
		return exitOf(nil), a.showSnapshots(po, run.run, run.file, all, a.Stdout)
	}
	if t := traceOf(run.run); t != nil {
		if base != nil {
			return 0, usagef("%s is a trace, which is compared with nothing; go tool pprof -base compares its profile with another's", ref)
		}
		if f := o.output.format; f != "" && f != "text" && f != "json" {
			return 0, usagef("--format %s: a trace is shown as text or json", f)
		}
		return exitOf(nil), a.showTrace(o, *t, run.file, a.Stdout)
	}
	r, err := a.judgeAgain(ctx, h, run, base)
	if err != nil {
		return 0, err
	}
	if isSoak(run.run) {
		return a.concludeSoak(ctx, &soakOptions{options: *o}, places, r, nil)
	}
	return a.conclude(ctx, places, r, nil)
}
