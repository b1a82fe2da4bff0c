package driver

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/spf13/cobra"
)

func (a *app) baselineUpdate() *cobra.Command {
	o := &options{}
	var from string
	c := &cobra.Command{
		Use:   "update [NAME|FILE] [-- PACKAGE...]",
		Short: "measure anew what a baseline holds, and say what changes",
		Long: `Measure as baseline save does, put the result in place of the baseline, and print what
changes for whoever reviews it: every metric that is beyond its threshold, for the worse
or the better, with both values. Without a name or file it is the baseline of
highwater.yml. A baseline in a file is thus updated in one command and one commit, whose
message the output can be.

What breaks a limit, or could not be measured whole, is refused with exit status 1 or 2,
and the old baseline stays. So does it where scenarios of it were not measured, unless
--allow-missing takes them out. With --from, a run that was measured before is taken.`,
		Example: a.example("baseline update before.json --from after.json", "baseline update main --scenario terminal_operations/cursor_operations --repeats 2"),
		Args:    cobra.ArbitraryArgs,

		ValidArgsFunction: a.completeReference,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&from, "from", "", "take this stored `run` (an ID, latest, or a file) and measure nothing")
	o.add(flags, whatFlags, measureFlags, judgeFlags)
	o.add(flags, benchFlags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		names := args
		if i := cmd.ArgsLenAtDash(); i >= 0 {
			names, o.said.Packages = args[:i], args[i:]
		}
		return a.update(cmd.Context(), o, names, from)
	})
	return c
}

func (a *app) update(ctx context.Context, o *options, names []string, from string) (int, error) {
	h, err := a.resolve(o)
	if err != nil {
		return 0, err
	}
	switch {
	case len(names) > 1:
		return 0, usagef("baseline update: unexpected argument %q: packages stand behind --", names[1])
	case len(names) == 1:
		h.Baseline = &names[0]
	case h.Baseline == nil:
		return 0, usagef("baseline update: say which baseline, or name it in highwater.yml with baseline: FILE")
	}
	old, err := a.reference(ctx, h.Baseline)
	if err != nil {
		return 0, fmt.Errorf("%w; `%s baseline save` makes one where there is none", err, a.Name)
	}
	if runs, err := store.Runs(); err == nil {
		if path, err := runs.File(old.run.ID); err == nil && path == old.file && old.name == old.run.ID {
			return 0, usagef("%s is a run, and no baseline", *h.Baseline)
		}
	}
	// The file may be known by another path than its profiles are.
	path := old.file
	if named, err := store.FindBaseline(*h.Baseline); err == nil {
		path = named
	}
	r, err := a.worth(ctx, o, from)
	if r == nil {
		return 0, err
	}
	if err == nil && ctx.Err() != nil {
		err = fmt.Errorf("interrupted: the baseline stays, what was measured is in %s", r.RunFile)
	}
	if err != nil {
		return 0, err
	}
	p := a.policy(h)
	p.AllowInconclusive = true
	compared := judge(kept(r.Run, r.RunFile, r.RunID), old, p)
	if gone := missing(old.run, r.Run); len(gone) > 0 && !isTrue(h.AllowMissing) {
		return 0, &statusError{highwater.ExitFail, fmt.Errorf("baseline %s stays: %s of it were not measured: %s; measure them, too, or take them out with --allow-missing",
			path, count(len(gone), "scenario"), few(gone))}
	}
	run := *r.Run
	run.Name = old.run.Name
	if err := store.SaveBaseline(path, &run, r, false); err != nil {
		return a.refused(o, r, err)
	}
	return highwater.ExitOK, a.tellUpdate(compared, old.run, &run, path)
}

// missing are the scenarios of the old baseline that the new run has not.
func missing(old, now *highwater.Run) []string {
	var gone []string
	for _, s := range old.Scenarios {
		if _, there := now.Scenario(s.ID()); !there {
			gone = append(gone, s.ID())
		}
	}
	return gone
}

// few names some of many.
func few(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// tellUpdate prints what a reviewer wants to know.
func (a *app) tellUpdate(r *highwater.Report, old, now *highwater.Run, path string) error {
	fmt.Fprintf(a.Stdout, "baseline %s: run %s of %s in place of %s of %s\n", harmless(path),
		now.ID, count(len(now.Scenarios), "scenario"), old.ID, count(len(old.Scenarios), "scenario"))
	changes := report.Changes(r)
	if len(changes) == 0 {
		fmt.Fprintln(a.Stdout, "no metric is beyond its threshold")
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, c := range changes {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t→ %s\t%s\n", c.Kind, c.Scenario, c.Metric, c.Before, c.After, c.Change)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, m := range r.Mismatches {
		fmt.Fprintf(a.Stdout, "  %s: %s now, %s before\n", harmless(m.Condition), harmless(m.Here), harmless(m.Baseline))
	}
	for _, gone := range missing(old, now) {
		fmt.Fprintf(a.Stdout, "  gone    %s\n", harmless(gone))
	}
	for _, row := range r.Rows {
		if _, there := old.Scenario(row.Scenario.ID()); !there {
			fmt.Fprintf(a.Stdout, "  new     %s\n", harmless(row.Scenario.ID()))
		}
	}
	return nil
}
