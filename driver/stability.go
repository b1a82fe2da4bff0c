package driver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/spf13/cobra"
)

// Defaults of a soak.
const (
	soakDuration = 30 * time.Minute
	soakInterval = 5 * time.Second
)

// soakOptions are what the flags of stability say besides those that all verbs share.
type soakOptions struct {
	options
	verb               string // that they are of, for errors
	duration, interval time.Duration
	limit              string // bytes, --limit
	profiling          bool
	jobs               int
	pid                int
	url                string
	resume             string
	holders            bool // who holds what grows
	most               int  // of them that are named; 0: as debug has it

	name, ready string
	drive       target.Drive
}

func (a *app) stability() *cobra.Command {
	o := &soakOptions{verb: "stability", options: options{adds: true}}
	c := &cobra.Command{
		Use:   "stability [PACKAGE...] [-- COMMAND [ARGUMENT...]]",
		Short: "soak for minutes or a night: find leaks, growth and slow-down, with their lines",
		Long: `Run scenarios for a long time, and look at their live memory at checkpoints, each
after a forced collection: does it stay flat, does it keep growing, and at which
lines? Goroutines, descriptors, threads, child processes, memory off the heap and
the speed of operations are looked at, too.

With nothing named, soak a real vim, a real shell and a log stream in terminal
sessions, one after the other. --scenario names others: of any suite, or these by
their bare names. Packages stand for their benchmarks and memtest scenarios, looped;
a main package for the program, built with the probe, with its arguments behind --.
Nothing but a command behind -- soaks that command, and --pid and --url a process
that is running already; what can be seen of those from outside is judged.

Ctrl-C ends a soak before its time: what was gathered is judged.

Exit status: 0 stable; 1 a leak, growth over its limit, or a slow-down; 2 something
could not be soaked or judged; 3 wrong usage or configuration.`,
		Example: a.example(
			"stability --scenario log_streaming --duration 3s --interval 100ms",
			"stability --scenario 'plugin_system/hot_reload@goja' --duration 3s --interval 100ms",
			"stability --duration 4s --interval 15ms -- sleep 60",
			"stability --resume latest",
		),
		Args: cobra.ArbitraryArgs,
	}
	flags := c.Flags()
	flags.SortFlags = false
	o.add(flags, whatFlags)
	durationFlag(flags, &o.duration, "duration", fmt.Sprintf("how long each soak takes, %v if unset", soakDuration))
	durationFlag(flags, &o.interval, "interval", fmt.Sprintf("time between checkpoints, %v if unset", soakInterval))
	o.add(flags, []string{"memory_threshold", "growth", "slow_down"})
	flags.StringVar(&o.limit, "limit", "", "`size` of which the report says when live memory would reach it; GOMEMLIMIT or the container's limit if unset")
	flags.BoolVar(&o.profiling, "with-profiling", false, "keep a heap profile of every tenth of the soak beside the Run file")
	flags.BoolVar(&o.holders, "holders", false, "also say who holds what grows: at the end the process stands still for as long as its heap is read")
	flags.IntVar(&o.pid, "pid", 0, "soak the running `process` with this id, from outside")
	flags.StringVar(&o.url, "url", "", "soak the process behind this net/http/pprof `address`, such as http://localhost:6060/debug/pprof or unix:/path")
	flags.StringVar(&o.resume, "resume", "", "soak nothing: report on this stored `run` again, also on one that was cut short")
	flags.IntVar(&o.jobs, "jobs", 1, "`number` of soaks at the same time")
	flags.StringVar(&o.name, "name", "", "`name` of the scenario that a program, command or process is; its own if unset")
	flags.StringVar(&o.drive.Load, "load", "", "`command` line that makes a program work meanwhile")
	flags.StringVar(&o.ready, "ready", "", "when the soak of a program begins: `url` that answers, host:port that accepts, or /regexp/ or text of a line that it prints")
	o.add(flags, []string{"strict", "allow_inconclusive", "timeout", "max_memory"}, storeFlags)
	o.add(flags, []string{"bench", "tests", "examples", "benchtime", "tags"})
	o.output.add(flags, a.formats())
	o.addLabels(flags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		if o.resume != "" {
			return a.resume(cmd.Context(), o, args)
		}
		return a.runStability(cmd.Context(), o, args, cmd.ArgsLenAtDash())
	})
	return c
}

// runStability soaks what the arguments name, of which dash stand before a "--" (less
// than 0: there is none).
func (a *app) runStability(ctx context.Context, o *soakOptions, args []string, dash int) (int, error) {
	h, err := a.resolve(&o.options)
	if err != nil {
		return 0, err
	}
	if err := o.check(args); err != nil {
		return 0, err
	}
	policy, err := a.soakPolicy(o, h)
	if err != nil {
		return 0, err
	}
	places, err := a.sinks(&o.options)
	if err != nil {
		return 0, err
	}
	tasks, b, err := a.soakTasks(ctx, o, &h, args, dash)
	defer b.close()
	if err != nil {
		return 0, err
	}
	s, err := a.begin(ctx, h, targetsOf(tasks), b, nil)
	if err != nil {
		return 0, err
	}
	k := &soaks{app: a, session: s, options: o, policy: policy}
	r, err := k.run(ctx, tasks)
	if r == nil {
		return 0, err
	}
	return a.concludeSoak(ctx, o, places, r, errors.Join(err, a.remember(ctx, h, &o.options, r)))
}

// check finds what makes no sense together, and fills in what is unset.
func (o *soakOptions) check(args []string) error {
	if o.duration == 0 {
		o.duration = soakDuration
	}
	if o.interval == 0 {
		o.interval = soakInterval
	}
	all := o.subjects(args)
	switch {
	case o.duration < 0 || o.interval < 0:
		return usagef("%s and --interval: want a time above 0, such as 30m and 5s", o.durationName())
	case o.interval > o.duration:
		return usagef("--interval %v is longer than %s %v: there would be one checkpoint, and it takes 20 to judge", o.interval, o.durationName(), o.duration)
	case len(all) > 1:
		return usagef("%s and %s: one thing is soaked, or several scenarios", all[0], all[1])
	case o.pid < 0:
		return usagef("--pid %d: want the id of a process", o.pid)
	case o.jobs < 1:
		return usagef("--jobs %d: want 1 or more", o.jobs)
	case strings.ContainsAny(o.name, "/@ \t\n"):
		return usagef("--name %q: want a name without '/', '@' and spaces", o.name)
	}
	if o.url = withScheme(o.url); o.ready == "" {
		return nil
	}
	ready, err := target.ParseReady(o.ready)
	if err != nil {
		return usagef("--ready: %w", err)
	}
	o.drive.Ready = &ready
	return nil
}

// resume reports on a stored soak.
func (a *app) resume(ctx context.Context, o *soakOptions, args []string) (int, error) {
	if all := o.subjects(args); len(all) > 0 {
		return 0, usagef("%s: a stored run is reported on as a whole, and nothing is soaked besides", all[0])
	}
	h, err := a.resolve(&o.options)
	if err != nil {
		return 0, err
	}
	policy, err := a.soakPolicy(o, h)
	if err != nil {
		return 0, err
	}
	places, err := a.sinks(&o.options)
	if err != nil {
		return 0, err
	}
	run, err := a.lookup(ctx, o.resume)
	if err != nil {
		return 0, err
	}
	if !isSoak(run.run) {
		return 0, usagef("%s is no soak; `%s report %s` shows it", o.resume, a.Name, o.resume)
	}
	return a.concludeSoak(ctx, o, places, judgeSoak(run, policy), nil)
}

// durationName is what the verb calls --duration.
func (o *soakOptions) durationName() string {
	if o.verb == debugLeaksVerb {
		return "--monitoring-duration"
	}
	return "--duration"
}

// concludeSoak renders the report, and returns the status to exit with. A soak that
// the user has ended before its time is judged by what was gathered.
func (a *app) concludeSoak(ctx context.Context, o *soakOptions, places sinks, r *highwater.Report, err error) (int, error) {
	err = errors.Join(err, a.render(places, r), a.copyProfiles(o, r))
	if ctx.Err() != nil && !o.quiet {
		a.warn("interrupted: the report is on what was gathered until then, and so is %s", r.RunFile)
	}
	exit := r.Exit
	if err != nil {
		a.complain(err)
		if exit != highwater.ExitFail {
			exit = highwater.ExitError
		}
	}
	return exit, nil
}

// copyProfiles puts the heap profiles of a soak into the directories that its report
// is written to.
func (a *app) copyProfiles(o *soakOptions, r *highwater.Report) error {
	var errs []error
	for _, path := range o.output.files {
		if info, err := os.Stat(path); err != nil || !info.IsDir() || r.Run == nil {
			continue
		}
		for _, m := range r.Run.Measurements {
			if m.Soak == nil {
				continue
			}
			for _, name := range m.Soak.Profiles {
				text, err := os.ReadFile(filepath.Join(filepath.Dir(r.RunFile), filepath.FromSlash(name)))
				if err == nil {
					err = store.WriteFile(filepath.Join(path, filepath.Base(name)), text)
				}
				if err != nil {
					errs = append(errs, fmt.Errorf("--output %s: %w", path, err))
				}
			}
		}
	}
	return errors.Join(errs...)
}
