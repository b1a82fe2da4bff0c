package driver

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// runOptions are what the flags of run say besides those that all verbs share.
type runOptions struct {
	options
	baseline string
	name     string
	ready    string
	ops      int
	drive    target.Drive
}

func (a *app) run() *cobra.Command {
	o := &runOptions{}
	c := &cobra.Command{
		Use:   "run [PACKAGE] [-- ARGUMENT...]",
		Short: "measure a program of yours, or any command with all that it starts",
		Long: `With a main package, build it with the probe and measure the program. With
nothing but a command behind --, measure the command and all processes that it
starts, in any language, from outside.

The program or command runs until it ends, until --load has ended, or for
--duration, and gets nothing on its standard input. What the first process of a
command prints goes to standard error; standard output has the report.

Exit status: 0 passed; 1 a limit is broken or memory has regressed; 2 it did not
end as it should (--expect-exit), or could not be measured or judged; 3 wrong
usage or configuration.`,
		Example: a.example(
			"run ./cmd/report -- -lines 1000",
			"run ./cmd/server --ready listening --duration 300ms",
			"run -- sh -c 'head -c 20M /dev/zero | tail -n 1 | wc -c'",
			"run --name listing --repeats 3 --output listing.json -- ls -R /etc",
			"run --baseline listing.json --name listing -- ls -R /etc",
			"run --duration 300ms -- sleep 60",
			"run --expect-exit 3 -- sh -c 'exit 3'",
		),
		Args: cobra.ArbitraryArgs,
	}
	flags := c.Flags()
	flags.SortFlags = false
	o.addDrive(flags)
	flags.StringVar(&o.baseline, "baseline", "", "compare with this `file`, directory or name of a saved baseline")
	o.add(flags, judgeFlags, []string{"repeats", "max_repeats", "timeout", "max_memory", "tags", "race"})
	o.output.add(flags, a.formats())
	o.addLabels(flags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		if cmd.Flags().Changed("baseline") {
			o.said.Baseline = &o.baseline
		}
		if err := o.check(); err != nil {
			return 0, err
		}
		dash := cmd.ArgsLenAtDash()
		switch {
		case len(args) == 0:
			return 0, usagef("run: say what to run: a main package, or a command behind --, as in: %s run -- make test", a.Name)
		case dash == 0 && o.said.Race != nil:
			return 0, usagef("run: --race is for a main package: a command is not built")
		case dash == 0:
			return a.runOne(cmd.Context(), o, func(h held, base *stored) (*highwater.Report, error) {
				return a.runCommand(cmd.Context(), o, h, base, args)
			})
		case dash == 1 || dash < 0 && len(args) == 1:
			return a.runOne(cmd.Context(), o, func(h held, base *stored) (*highwater.Report, error) {
				return a.runProgram(cmd.Context(), o, h, base, args[0], args[1:])
			})
		default:
			return 0, usagef("run: unexpected argument %q: arguments of a program stand behind --, and so does a command as a whole: %s run -- %s",
				args[1], a.Name, strings.Join(args, " "))
		}
	})
	return c
}

// runOne finds what can be known to be wrong before the measuring, measures, and
// reports.
func (a *app) runOne(ctx context.Context, o *runOptions, measure func(held, *stored) (*highwater.Report, error)) (int, error) {
	h, err := a.resolve(&o.options)
	if err != nil {
		return 0, err
	}
	h.Packages, h.Scenarios = nil, nil // of the configuration: they are for gates
	places, err := a.sinks(&o.options)
	if err != nil {
		return 0, err
	}
	base, err := a.reference(ctx, h.Baseline)
	if err != nil {
		return 0, err
	}
	r, err := measure(h, base)
	if r == nil {
		return 0, err
	}
	return a.conclude(ctx, places, r, err)
}

// addDrive declares the flags that say how the program is used meanwhile.
func (o *runOptions) addDrive(flags *pflag.FlagSet) {
	d := &o.drive
	flags.StringVar(&o.name, "name", "", "`name` of the scenario, for limits and baselines; the base name of what runs if unset")
	durationFlag(flags, &d.Duration, "duration", "end it after that time, counted from when it was ready; it then counts as ended well")
	flags.StringVar(&d.Load, "load", "", "`command` line that makes it work; it is ended when the load has ended")
	flags.StringVar(&o.ready, "ready", "", "when load and duration begin: `url` that answers, host:port that accepts, or /regexp/ or text of a line that it prints")
	flags.IntVar(&o.ops, "ops", 0, "`number` of operations that the program makes, or its load: allocations are per operation; 1 if unset")
	durationFlag(flags, &d.ReadyTimeout, "ready-timeout", fmt.Sprintf("how long it may take to be ready, %v if unset", target.DefaultReadyTimeout))
	flags.IntVar(&d.ExpectExit, "expect-exit", 0, "exit `status` with which it is to end by itself")
	flags.BoolVar(&d.WaitTree, "wait-tree", false, "wait also for what is still running when a command has ended, such as a daemon; otherwise that is killed and reported")
}

// check completes the drive and finds what makes no sense together.
func (o *runOptions) check() error {
	d := &o.drive
	switch {
	case strings.ContainsAny(o.name, "/@ \t\n"):
		return usagef("--name %q: want a name without '/', '@' and spaces", o.name)
	case d.ExpectExit < 0 || d.ExpectExit > 255:
		return usagef("--expect-exit %d: an exit status is a number from 0 to 255", d.ExpectExit)
	case o.ops < 0:
		return usagef("--ops %d: want a number of operations, 1 or more", o.ops)
	case o.ready == "":
		return nil
	case d.Load == "" && d.Duration == 0:
		return usagef("--ready says when --load or --duration begins: give one of them, too")
	}
	ready, err := target.ParseReady(o.ready)
	if err != nil {
		return usagef("--ready: %w", err)
	}
	d.Ready = &ready
	return nil
}

// scenarioName is a name for what is run, free of what a name may not hold.
func (o *runOptions) scenarioName(path string) string {
	if o.name != "" {
		return o.name
	}
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune("/@ \t\n", r) {
			return '_'
		}
		return r
	}, filepath.Base(path))
	return harmless(name)
}

// version is the last part of the path of a module from version 2 on.
var version = regexp.MustCompile(`^v([2-9]|[1-9][0-9]+)$`)

// withoutVersion leaves that part out, as go build does when it names a program.
func withoutVersion(path string) string {
	if i := strings.LastIndexByte(path, '/'); i > 0 && version.MatchString(path[i+1:]) {
		return path[:i]
	}
	return path
}

// durationFlag declares a flag that takes Go durations and bare seconds.
func durationFlag(flags *pflag.FlagSet, d *time.Duration, name, doc string) {
	flags.Var((*duration)(d), name, doc)
}

type duration time.Duration

func (d *duration) Type() string { return "duration" }

func (d *duration) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

func (d *duration) Set(s string) error {
	v, err := config.ParseDuration(s)
	*d = duration(v)
	return err
}
