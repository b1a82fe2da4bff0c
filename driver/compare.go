package driver

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) compare() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use:   "compare A B",
		Short: "compare two runs: is B worse than A?",
		Long: `Judge run B as gates would, with run A as its baseline, and measure nothing.
Each is a Run file, a directory with one, the name of a baseline, the ID of a
stored run, or latest. Two snapshots of the profiler, each as RUN:NUMBER, are set
side by side: what of memory, sites and goroutines has changed, and how fast.`,
		Example: a.example("compare before.json after.json", "compare main latest --format markdown"),
		Args:    arguments(2, 2, "two runs, the earlier one first"),

		ValidArgsFunction: a.completeReference,
	}
	flags := c.Flags()
	flags.SortFlags = false
	o.output.add(flags, a.formats())
	o.add(flags, judgeFlags)
	o.addLabels(flags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
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
