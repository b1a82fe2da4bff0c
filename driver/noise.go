package driver

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/noise"
	"github.com/spf13/cobra"
)

// noiseRepeats are the processes of each pass that noise makes: the spread that they
// show is within a factor of 1.4 of the true one.
const noiseRepeats = 20

// noiseOptions are the flags that noise alone has.
type noiseOptions struct {
	run      string
	load     int
	write    bool
	tightest bool
}

func (a *app) noise() *cobra.Command {
	o, n := &options{}, noiseOptions{}
	c := &cobra.Command{
		Use:   "noise [PACKAGE...]",
		Short: "measure how much repeats differ here, and which thresholds that allows",
		Long: fmt.Sprintf(`Measure the same scenarios again and again with nothing changed, %d processes of
each pass unless --repeats says otherwise, and say how much they differ on this
machine: for each metric the coefficient of variation, the smallest change that
gates can find here, and a threshold that it can keep where it cannot keep the one
in force. The last line says whether the thresholds can be trusted. Run it on a new
machine or runner before believing its verdicts.

--load N keeps N busy processes running beside the measurement. --run analyses a
run that was measured before. --write puts the proposed thresholds into
highwater.yml, which keeps its order and comments.

Exit status: 0 measured, whatever came of it; 2 a scenario could not be measured;
3 wrong usage or configuration.`, noiseRepeats),
		Example: a.example(
			"noise --scenario terminal_operations/cursor_operations --repeats 3",
			"noise --scenario terminal_operations/cursor_operations --repeats 3 --load 1",
			"noise --run latest --format markdown",
			"noise --run before.json --tightest",
		),
		Args: cobra.ArbitraryArgs,
	}
	flags := c.Flags()
	flags.SortFlags = false
	o.add(flags, whatFlags)
	flags.IntVar(&n.load, "load", 0, "keep `n` processes busy beside the measurement, with arithmetic and memory traffic")
	flags.StringVar(&n.run, "run", "", "analyse this stored `run` (an ID, latest, or a file) and measure nothing")
	flags.BoolVar(&n.write, "write", false, "write the proposed thresholds into highwater.yml or the --config file, with --env into that environment")
	flags.BoolVar(&n.tightest, "tightest", false, "propose the smallest thresholds that can be kept here, also where larger ones are in force")
	o.add(flags, measureFlags, benchFlags)
	o.output.add(flags, noiseFormats)
	o.common(flags)
	a.completeNoise(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) > 0 {
			o.said.Packages = args
		}
		if err := n.check(o); err != nil {
			return 0, err
		}
		return a.runNoise(cmd.Context(), o, n)
	})
	return c
}

// completeNoise is complete for fewer formats and for runs.
func (a *app) completeNoise(c *cobra.Command) {
	words := func(list func() []string) cobra.CompletionFunc {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return list(), cobra.ShellCompDirectiveNoFileComp
		}
	}
	for flag, f := range map[string]cobra.CompletionFunc{
		"scenario": words(a.scenarioNames),
		"engine":   words(func() []string { return append(a.engineNames(), "all") }),
		"format":   words(func() []string { return noiseFormats }),
		"run":      a.completeReference,
	} {
		if err := c.RegisterFlagCompletionFunc(flag, f); err != nil {
			panic(err) // registered twice: a programmer's error
		}
	}
}

// check reports flags that contradict each other.
func (n noiseOptions) check(o *options) error {
	const most = 1000
	switch {
	case n.load < 0 || n.load > most:
		return usagef("--load %d: want a number of processes from 0 to %d", n.load, most)
	case n.run != "" && (n.load > 0 || o.said.Repeats != nil || o.said.Packages != nil):
		return usagef("--run measures nothing: leave --load, --repeats and packages out")
	case n.write && n.run == "" && or(o.said.Repeats, noiseRepeats) < noise.Enough:
		return usagef("--write with --repeats %d: a threshold that is to stay rests on %d repeats or more", *o.said.Repeats, noise.Enough)
	}
	return nil
}

func (a *app) runNoise(ctx context.Context, o *options, n noiseOptions) (int, error) {
	var to *amendment
	if n.write {
		var err error
		if to, err = a.amendment(o); err != nil {
			return 0, err
		}
		defer to.close()
	}
	h, err := a.resolve(o)
	if err != nil {
		return 0, err
	}
	places, err := a.noiseSinks(o)
	if err != nil {
		return 0, err
	}
	if to != nil {
		if err := to.try(); err != nil {
			return 0, usage(err)
		}
	}
	run, measureErr := a.repeated(ctx, h, o, n)
	if run == nil {
		return 0, measureErr
	}
	sheet := noise.Analyse(run, noise.Options{
		Thresholds: h.rules.Thresholds(), Tightest: n.tightest,
		Here: or(h.MaxRepeats, defaultMaxRepeats), Baseline: baselineRepeats,
	})
	err = errors.Join(measureErr, places.write(a, sheet, o.verbose))
	if ctx.Err() != nil {
		err = errors.Join(err, fmt.Errorf("interrupted: what was measured until then is run %s", run.ID))
	}
	bad := len(sheet.Problems()) > 0 || len(sheet.Scenarios) == 0
	if to != nil && err == nil && !bad {
		err = to.write(a, sheet, o.quiet)
	}
	if err != nil {
		return 0, err
	}
	if bad {
		return highwater.ExitError, nil
	}
	return highwater.ExitOK, nil
}

// repeated measures the scenarios, or reads the run that was named. Without a run
// nothing was measured.
func (a *app) repeated(ctx context.Context, h held, o *options, n noiseOptions) (*highwater.Run, error) {
	h.compared = true // as what it is to be the noise of
	if n.run != "" {
		found, err := a.lookup(ctx, n.run)
		if err != nil {
			return nil, err
		}
		run := *found.run
		if o.said.Scenarios != nil {
			run.Scenarios = slices.DeleteFunc(slices.Clone(run.Scenarios), func(i highwater.ScenarioInfo) bool {
				return !slices.ContainsFunc(o.said.Scenarios, func(p string) bool { return config.Match(p, i.ID()) })
			})
		}
		if len(run.Scenarios) == 0 {
			return nil, usagef("run %s has no scenario that --scenario names", run.ID)
		}
		return &run, nil
	}
	// What is measured here is the noise of that many repeats: none are added where a
	// limit is close.
	repeats := or(o.said.Repeats, noiseRepeats)
	h.Repeats, h.MaxRepeats = &repeats, &repeats
	a.sparing = true
	load, err := startLoad(ctx, n.load)
	if err != nil {
		return nil, err
	}
	r, err := a.measure(ctx, h, o, nil)
	if loadErr := load.stop(); ctx.Err() == nil {
		err = errors.Join(err, loadErr)
	}
	if r == nil {
		return nil, err
	}
	return r.Run, err
}
