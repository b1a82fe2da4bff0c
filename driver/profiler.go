package driver

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// profilerOptions are what the flags of profiler say besides those that all verbs share.
type profilerOptions struct {
	options
	mode, format       string
	interval, duration time.Duration
	ours               bool                              // interval is, and longer where a look costs the process much
	spare              func(rest time.Duration, pid int) // is told that it is longer; nil where it is not to be
	target             string                            // a pattern, --target
	threshold          string                            // bytes
	file               string                            // --output
	rate               int                               // bytes between samples, --rate
	pid                int
	url                string
	name, ready        string
	drive              target.Drive

	shown report.LookOptions // from target and threshold
}

// The modes and the formats.
var (
	profilerModes   = []string{"live", "snapshot", "trace"}
	profilerFormats = []string{"dashboard", "text", "json"}
)

// Defaults of the profiler.
const (
	liveInterval      = time.Second
	profilerDuration  = 60 * time.Second // of snapshots and traces
	snapshotShare     = 12               // in that time, where no interval is given
	profilerThreshold = "1KB"
)

func (a *app) profiler() *cobra.Command {
	o := &profilerOptions{}
	c := &cobra.Command{
		Use:   "profiler [PACKAGE] [-- COMMAND [ARGUMENT...]]",
		Short: "look at a running program: memory, goroutines and collector, live",
		Long: `Look at what a program's memory, goroutines and collector do now, without
changing what they do.

What is looked at: a scenario of a suite (--scenario), a package's benchmark or
memtest scenario, or a main package, built with the probe, with its arguments
behind --; a command behind --; a process that is running (--pid), or one behind a
net/http/pprof endpoint (--url). With nothing named, list the Go processes of this
machine, and ask which one on a terminal. A Go process that is not stripped is read
out of its memory, on Linux: nothing is in it, and nothing in it stops.

--mode live shows a dashboard on a terminal, and a block of text, or a line of JSON,
an interval elsewhere. --mode snapshot keeps snapshots with their profiles and says
what they differ in. --mode trace says what allocates, when and from where, and how
much of it was garbage by the next collection.

Exit status: 0 looked at; 2 something could not be seen; 3 wrong usage or
configuration.`,
		Example: a.example(
			"profiler",
			"profiler --scenario terminal_operations/scrollback --format text --duration 2s",
			"profiler --format json --duration 1s -- sleep 5",
		),
		Args: cobra.ArbitraryArgs,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.mode, "mode", "live", "`mode`: "+strings.Join(profilerModes, ", "))
	flags.StringVar(&o.format, "format", "", "`format`: "+strings.Join(profilerFormats, ", ")+"; the dashboard on a terminal that is not dumb (TERM), else text")
	durationFlag(flags, &o.interval, "interval", fmt.Sprintf("time between looks, if unset %v, and longer where a look costs the process much; between snapshots a twelfth of --duration", liveInterval))
	durationFlag(flags, &o.duration, "duration", fmt.Sprintf("how long to look; until it ends if unset, snapshots and traces %v", profilerDuration))
	flags.StringVar(&o.target, "target", "", "show only sites and goroutines with a function that matches this `regexp`")
	flags.StringVar(&o.threshold, "threshold", profilerThreshold, "`size` of the smallest site shown")
	flags.StringVarP(&o.file, "output", "o", "", "write to `file` and not to standard output")
	flags.IntVar(&o.rate, "rate", 0, "`bytes` between samples of the heap profile of what highwater starts: 1 for every allocation; Go's own 524288 if unset, for --mode trace 4096")
	o.addWhat(flags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		return a.runProfiler(cmd.Context(), o, args, cmd.ArgsLenAtDash())
	})
	return c
}

// addWhat declares the flags that name what is looked at, and say how it is run.
func (o *profilerOptions) addWhat(flags *pflag.FlagSet) {
	o.add(flags, whatFlags)
	flags.IntVar(&o.pid, "pid", 0, "look at the running `process` with this id")
	flags.StringVar(&o.url, "url", "", "look at the process behind this net/http/pprof `address`, such as http://localhost:6060/debug/pprof or unix:/path")
	flags.StringVar(&o.name, "name", "", "`name` of the scenario that a program, command or process is; its own if unset")
	flags.StringVar(&o.drive.Load, "load", "", "`command` line that makes a program work meanwhile")
	flags.StringVar(&o.ready, "ready", "", "when the load of a program begins: `url` that answers, host:port that accepts, or /regexp/ or text of a line that it prints")
	o.add(flags, []string{"max_memory"})
	o.add(flags, []string{"bench", "tests", "examples", "benchtime", "tags"})
}

// outputTo is where results go: the file, if one is named, or standard output.
func (a *app) outputTo(file string) (out io.Writer, closeOut func(), err error) {
	if file == "" {
		return a.Stdout, func() {}, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, nil, usagef("--output %s: %w", file, cause(err))
	}
	return f, func() { _ = f.Close() }, nil
}

// hintOr says what may have been meant, or what there is.
func hintOr(word string, all []string) string {
	if hint := suggest.Hint(word, all); hint != "" {
		return hint
	}
	return "; there are " + strings.Join(all, ", ")
}

func (a *app) runProfiler(ctx context.Context, o *profilerOptions, args []string, dash int) (int, error) {
	h, err := a.resolve(&o.options)
	if err != nil {
		return 0, err
	}
	if err := o.check(args); err != nil {
		return 0, err
	}
	_, isTerminal := terminal(a.Stdout)
	if o.format == "" {
		o.format = "text"
		if isTerminal && o.mode == "live" && o.file == "" && canDraw(runtime.GOOS, os.Getenv("TERM")) {
			o.format = "dashboard"
		}
	}
	if o.format == "dashboard" && (!isTerminal || o.mode != "live" || o.file != "") {
		return 0, usagef("--format dashboard needs a terminal, --mode live and no --output; --format text and json need none")
	}
	if len(o.subjects(args)) == 0 {
		chosen, err := a.pick(ctx, o)
		if err != nil || !chosen {
			return highwater.ExitOK, err
		}
	}
	a.warnRate(o, dash)
	out, closeOut, err := a.outputTo(o.file)
	if err != nil {
		return 0, err
	}
	defer closeOut()
	l, err := a.open(ctx, o, h, args, dash)
	if err != nil {
		return 0, err
	}
	defer l.close()
	switch {
	case o.mode == "snapshot":
		return a.snapshots(ctx, o, l, out)
	case o.mode == "trace":
		return a.trace(ctx, o, l, out)
	case o.format == "dashboard":
		return a.dashboard(ctx, o, l)
	default:
		return a.follow(ctx, o, l, out)
	}
}

// warnRate says where --rate is of no use: the runtime has its rate from the start.
func (a *app) warnRate(o *profilerOptions, dash int) {
	switch {
	case o.rate == 0:
	case o.pid != 0 || o.url != "":
		a.warn("--rate %d has no effect on a process that is running already; start it with GODEBUG=memprofilerate=%d", o.rate, o.rate)
	case dash == 0:
		a.warn("--rate %d has no effect on a command, which has no probe in it; a Go program takes GODEBUG=memprofilerate=%d", o.rate, o.rate)
	}
}

// canDraw reports whether a terminal is known to take what a dashboard is drawn with: a
// dumb one shows the escape sequences, and so may one of no name. On Windows none has one.
func canDraw(system, term string) bool {
	return system == "windows" || term != "" && term != "dumb"
}

// check finds what makes no sense, and fills in what is unset.
func (o *profilerOptions) check(args []string) error {
	if o.mode == "live" && o.interval == 0 {
		o.interval, o.ours = liveInterval, true
	}
	if o.mode != "live" && o.duration == 0 {
		o.duration = profilerDuration
	}
	if o.interval == 0 {
		o.interval = max(o.duration/snapshotShare, time.Millisecond)
	}
	for _, w := range []struct {
		flag, value string
		all         []string
	}{{"--mode", o.mode, profilerModes}, {"--format", o.format, profilerFormats}} {
		if !slices.Contains(w.all, w.value) && w.value != "" {
			return usagef("unknown %s %q%s", w.flag, w.value, hintOr(w.value, w.all))
		}
	}
	if o.duration < 0 || o.interval < 0 {
		return usagef("--duration and --interval: want a time above 0, such as 60s and 1s")
	}
	if o.pid < 0 || o.rate < 0 {
		return usagef("--pid and --rate: want a number above 0")
	}
	if all := o.subjects(args); len(all) > 1 && (o.pid != 0 || o.url != "") {
		return usagef("%s and %s: one process is looked at", all[0], all[1])
	}
	o.url = withScheme(o.url)
	n, err := highwater.ParseSize(o.threshold)
	if err != nil || n < 0 {
		return usagef("--threshold %s: want a size, such as 64KB", o.threshold)
	}
	o.shown.Threshold = n
	if o.target != "" {
		r, err := regexp.Compile(o.target)
		if err != nil {
			return usagef("--target %s: %w", o.target, err)
		}
		o.shown.Target = r.MatchString
	}
	if o.ready != "" {
		ready, err := target.ParseReady(o.ready)
		if err != nil {
			return usagef("--ready: %w", err)
		}
		o.drive.Ready = &ready
	}
	return nil
}

// pick lists the Go processes of this machine, and lets the user name one where there
// is a terminal to ask on. It reports whether one was chosen.
func (a *app) pick(ctx context.Context, o *profilerOptions) (bool, error) {
	all, err := attach.List(ctx, procRoot)
	if err != nil {
		return false, err
	}
	if err := printProcesses(a.Stdout, all); err != nil {
		return false, err
	}
	if len(all) == 0 {
		return false, nil
	}
	if !a.canAsk() {
		fmt.Fprintf(a.Stdout, "look at one with `%s profiler --pid N`, or --url where there is an endpoint\n", a.Name)
		return false, nil
	}
	o.pid, err = a.asks(ctx, "process id, or nothing to end: ", "is no process id", func(n int) bool { return n > 0 })
	return o.pid != 0, err
}

// canAsk reports whether there is a terminal to ask on.
func (a *app) canAsk() bool {
	_, out := terminal(a.Stdout)
	in, ok := a.Stdin.(*os.File)
	return ok && out && isTerminalFile(in)
}

// pickTask lets the user name one of several scenarios, such as those of a suite, where
// there is a terminal to ask on; elsewhere they stay several.
func (a *app) pickTask(ctx context.Context, tasks []soakTask) ([]soakTask, error) {
	if !a.canAsk() {
		return tasks, nil
	}
	for i, t := range tasks {
		fmt.Fprintf(a.Stdout, "%3d  %s\n", i+1, harmless(t.target.Info.ID()))
	}
	n, err := a.asks(ctx, "which one, by its number: ", fmt.Sprintf("is no number from 1 to %d", len(tasks)), func(n int) bool { return n >= 1 && n <= len(tasks) })
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, usagef("profiler: want a number from 1 to %d; --scenario and --bench name one at once", len(tasks))
	}
	return tasks[n-1 : n], nil
}
