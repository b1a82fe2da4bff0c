package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/spf13/cobra"
)

func (a *app) gates() *cobra.Command {
	o := &options{}
	var baseline string
	var trees revisionOptions
	var list bool
	c := &cobra.Command{
		Use:   "gates [PACKAGE...]",
		Short: "measure scenarios and hold them to their budgets and to a baseline",
		Long: `Measure scenarios in fresh processes and hold each to its budget and, with
--baseline, to what it was. Packages are those of the go command, such as ./...:
their benchmarks are measured, with nothing added to the module, and the memtest
scenarios in their tests. With nothing named, run what
highwater.yml says, or else all built-in suites.

With --base the packages are built and measured at another revision too, in turn
with this one, and held to that. The head is the work tree as it is, with what is
not committed, or what --head names. --base-mod and --head-mod exchange a
dependency on either side.

Exit status: 0 passed; 1 a limit is broken or memory has regressed; 2 something
could not be measured or judged; 3 wrong usage or configuration.`,
		Example: a.example(
			"gates",
			"gates --scenario terminal_operations/cursor_operations",
			"gates --scenario terminal_operations/cursor_operations --strict --output gates.json",
			"gates --scenario 'terminal_operations/cursor*' --baseline before.json",
			"gates ./... --base main",
			"gates --list --engine all",
		),
		Args: cobra.ArbitraryArgs,
	}
	flags := c.Flags()
	flags.SortFlags = false
	o.add(flags, whatFlags)
	flags.StringVar(&baseline, "baseline", "", "compare with this `file`, directory or name of a saved baseline, or with the recent history: history, history:BRANCH")
	trees.add(flags)
	o.add(flags, judgeFlags, measureFlags)
	o.add(flags, benchFlags)
	o.output.add(flags, a.formats())
	flags.BoolVar(&list, "list", false, "list what would run, and measure nothing; with --verbose each benchmark is run once, to find its sub-benchmarks")
	o.addLabels(flags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		if cmd.Flags().Changed("baseline") {
			o.said.Baseline = &baseline
		}
		if len(args) > 0 {
			o.said.Packages = args
		}
		if trees.asked() {
			return a.runRevisions(cmd.Context(), o, trees, list)
		}
		return a.runGates(cmd.Context(), o, list)
	})
	return c
}

func (a *app) runGates(ctx context.Context, o *options, list bool) (int, error) {
	h, err := a.resolve(o)
	if err != nil {
		return 0, err
	}
	if list {
		return a.list(ctx, h, o)
	}
	// Whatever can be known to be wrong is found before the measuring.
	places, err := a.sinks(o)
	if err != nil {
		return 0, err
	}
	base, err := a.reference(ctx, h.Baseline)
	if err != nil {
		return 0, a.unmeasurable(places, gate.CheckBaseline, err)
	}
	r, err := a.measure(ctx, h, o, base)
	if r == nil {
		return 0, a.unmeasurable(places, "build", err)
	}
	return a.conclude(ctx, places, r, err)
}

// unmeasurable writes into the files of the report why there is none, so that whoever
// reads only them does not take the lack of one for a pass. It returns the reason.
func (a *app) unmeasurable(places sinks, check string, err error) error {
	if err == nil {
		return nil
	}
	r := failed(check, err.Error(), "")
	for _, f := range places.files {
		var b bytes.Buffer
		writeErr := f.reporter.Render(&b, r)
		if writeErr == nil {
			writeErr = store.WriteFile(f.path, b.Bytes())
		}
		if writeErr != nil {
			a.warn("--output %s: %v", f.path, writeErr)
		}
	}
	return err
}

// measure measures what the settings name and judges it. Without a report
// nothing was measured.
func (a *app) measure(ctx context.Context, h held, o *options, base *stored) (*highwater.Report, error) {
	b, err := a.build(ctx, h, o, base)
	defer b.close()
	if err != nil {
		return nil, err
	}
	r, _, err := a.measureBuilt(ctx, h, o, b, base)
	return r, err
}

// measureBuilt is measure of what is built already. It also returns the targets.
func (a *app) measureBuilt(ctx context.Context, h held, o *options, b built, base *stored) (*highwater.Report, []target.Target, error) {
	targets, err := a.chosen(h, b)
	if err != nil {
		return nil, nil, err
	}
	targets, skipped, err := h.keep(targets, b)
	if err != nil {
		return nil, nil, err
	}
	a.prepare(ctx, targets, o.quiet)
	s, err := a.begin(ctx, h, targets, b, base)
	if err != nil {
		return nil, nil, err
	}
	s.run.Skipped, s.run.Preparing = skipped, time.Since(b.begun).Seconds()
	r, err := s.measure(ctx, o.quiet, o.verbose)
	return r, targets, err
}

// chosen returns the targets that the settings name.
func (a *app) chosen(h held, b built) ([]target.Target, error) {
	all, err := a.everything()
	if err != nil {
		return nil, err
	}
	if len(h.Packages) > 0 && len(h.Scenarios) == 0 {
		all = nil
		if len(b.Targets)+len(b.Failed)+len(b.Left) == 0 {
			return nil, usagef("there is no benchmark in %[1]s, and no test in %[1]s has a memtest scenario; see docs/packages.md and the documentation of package memtest, or name built-in scenarios with --scenario", strings.Join(h.Packages, " "))
		}
		return b.Targets, a.checkEngines(h.Engines)
	}
	targets, err := a.choose(all, b.Targets, h.Scenarios, h.Engines)
	if err == nil && len(targets)+len(b.Failed)+len(b.Left) == 0 {
		err = usagef("there is no scenario to run; --list shows all, with --engine all over every engine")
	}
	return targets, err
}

// conclude renders the report and says how the process is to exit.
func (a *app) conclude(ctx context.Context, places sinks, r *highwater.Report, err error) (int, error) {
	err = errors.Join(err, a.render(places, r))
	if ctx.Err() != nil {
		err = errors.Join(err, fmt.Errorf("interrupted: the report holds what was measured until then, and so does %s", r.RunFile))
	}
	exit := r.Exit
	if err != nil {
		a.complain(err)
		// A broken limit stays the more important news.
		if exit != highwater.ExitFail {
			exit = highwater.ExitError
		}
	}
	return exit, nil
}

// list prints the scenarios that would run.
func (a *app) list(ctx context.Context, h held, o *options) (int, error) {
	if f := o.output.format; f != "" && f != "text" && f != "json" {
		return 0, usagef("--list can be had as text or json, not as %s", f)
	}
	b, err := a.discover(ctx, h, o, nil, !o.verbose)
	defer b.close()
	if err != nil {
		return 0, err
	}
	targets, err := a.chosen(h, b)
	if err != nil {
		return 0, err
	}
	targets, skipped, err := h.keep(targets, b)
	if err != nil {
		return 0, err
	}
	if !o.quiet {
		for _, s := range skipped {
			a.warn("%s is not measured: %s", s.Scenario, s.Reason)
		}
	}
	if !o.verbose && !o.quiet && slices.ContainsFunc(targets, func(t target.Target) bool { return t.Bench }) {
		a.warn("benchmarks are listed as they stand in the source; with --verbose the packages are built, and sub-benchmarks found")
	}
	exit := highwater.ExitOK
	for _, f := range b.Failed {
		a.complain(f)
		exit = highwater.ExitError
	}
	if o.output.format == "json" {
		e := json.NewEncoder(a.Stdout)
		e.SetIndent("", "  ")
		return exit, e.Encode(infos(targets))
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, i := range infos(targets) {
		fmt.Fprintf(w, "%s\t%s\t%s\n", i.ID(), count(i.Sessions, "session"), i.Doc)
	}
	return exit, w.Flush()
}

// scenarioNames lists what --scenario may name, for completion.
func (a *app) scenarioNames() []string {
	names := []string{"all"}
	all, err := a.everything()
	if err != nil {
		return names
	}
	for _, s := range a.Suites {
		names = append(names, s.Name)
	}
	targets, err := a.choose(all, nil, names, nil)
	if err != nil {
		return names
	}
	for _, i := range infos(targets) {
		i.Variant = ""
		names = append(names, i.ID())
	}
	return names
}
