package driver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/anatomy"
	"github.com/highwater-dev/highwater/internal/inspect"
	"github.com/highwater-dev/highwater/internal/live"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/highwater-dev/highwater/internal/why"
	"github.com/spf13/cobra"
)

// debugCommands are what debug can be asked.
var debugCommands = []string{"analyze", "hotspots", "leaks", "optimize"}

// debugLeaksVerb is what soaks for debug are of.
const debugLeaksVerb = "debug leaks"

// debugFormats are those of analyze and hotspots.
var debugFormats = []string{"text", "json", "markdown", "html"}

const (
	// analysed is how long a process is watched for analyze and hotspots, and soaked for
	// leaks, where nobody says otherwise.
	analysed   = 10 * time.Second
	debugLeaks = 5 * time.Minute
	// leastLooks is how many looks there are in that time at least.
	leastLooks = 20
	debugMost  = 10 // rows of a list
)

// debugOptions are what the flags of debug say besides those that all verbs share.
type debugOptions struct {
	profilerOptions
	command string // --command
	module  string // --module
	most    int    // --most
	holders bool   // --holders

	held *inspect.Holding // who holds the hotspots, where it was asked for

	optimizing optimizeOptions
}

func (a *app) debug() *cobra.Command {
	o := &debugOptions{}
	c := &cobra.Command{
		Use:   "debug [analyze|hotspots|leaks|optimize] [PACKAGE|PROFILE|RUN] [-- COMMAND [ARGUMENT...]]",
		Short: "say where a program's memory goes, which lines make it, what leaks, and what to change",
		Long: `Say where a program's memory goes, with evidence.

analyze takes resident memory apart, from the operating system's figure down: live
heap, garbage, fragmentation, stacks, the runtime's own, off the heap; the packages
and lines behind it, goroutines, collector, and how it went while it was watched.
hotspots lists the lines of the program's own code that hold and allocate most, with
their source and the compiler's reason for each to be on the heap. leaks soaks it for
--monitoring-duration, and judges as stability does. optimize says what to change, with
what each change would save; it measures the benchmarks and scenarios of packages and
suites as gates does, and watches everything else.

What is looked at: a scenario of a suite (--scenario), a package's benchmark or
memtest scenario, or a main package, built with the probe, with its arguments
behind --; a command behind --; a process that is running (--pid), or one behind a
net/http/pprof endpoint (--url). All but leaks also take a stored heap profile of
pprof, a Run file, latest, and a snapshot (RUN:NUMBER).

Exit status: 0 looked at; 1 a leak was found; 2 something could not be seen or judged;
3 wrong usage or configuration.`,
		Example: a.example(
			"debug analyze --scenario terminal_operations/scrollback --monitoring-duration 2s",
			"debug hotspots --scenario terminal_operations/scrollback --monitoring-duration 2s --most 3",
			"debug optimize --scenario terminal_operations/scrollback --repeats 1",
			"debug optimize . --bench Keep --repeats 2 --verify HEAD",
			"debug leaks --scenario plugin_system/hot_reload@goja --monitoring-duration 3s --interval 100ms",
		),
		Args: cobra.ArbitraryArgs,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.command, "command", "", "`name` of what is asked: "+strings.Join(debugCommands, ", "))
	durationFlag(flags, &o.duration, "monitoring-duration", fmt.Sprintf("how long to watch, %v if unset, and %v for leaks", analysed, debugLeaks))
	durationFlag(flags, &o.interval, "interval", "time between looks, or between checkpoints of leaks")
	flags.StringVar(&o.target, "target", "", "show only sites and goroutines with a function that matches this `regexp`")
	flags.StringVar(&o.threshold, "threshold", profilerThreshold, "`size` of the smallest site shown")
	flags.IntVar(&o.most, "most", debugMost, "`number` of rows of each list")
	flags.StringVar(&o.format, "format", "", "`format`: "+strings.Join(debugFormats, ", ")+"; by the name of --output, else text")
	flags.StringVarP(&o.file, "output", "o", "", "write to `file`")
	flags.BoolVar(&o.holders, "holders", false, "also say who holds what hotspots names, or what grows: the process stands still for as long as its heap is read")
	flags.StringVar(&o.module, "module", "", "`path` of the program's own module; that of the program, or of the current directory, if unset")
	flags.IntVar(&o.rate, "rate", 0, "`bytes` between samples of the heap profile of what highwater starts: 1 for every allocation; 4096 if unset")
	o.optimizing.add(flags)
	o.addWhat(flags)
	o.add(flags, []string{"repeats", "timeout", "time", "memory_time", "jobs"})
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		dash := cmd.ArgsLenAtDash()
		if o.command == "" && dash != 0 && len(args) > 0 && slices.Contains(debugCommands, args[0]) {
			o.command, args, dash = args[0], args[1:], max(dash-1, -1)
		} else if o.command == "" && dash != 0 && len(args) > 0 {
			if err := misspelt(args[0]); err != nil {
				return 0, err
			}
		}
		return a.runDebug(cmd.Context(), o, args, dash)
	})
	return c
}

// misspelt is the error of a word that is nearly one of what debug can be asked, and names
// nothing that could be looked at: analyze would be done in its place, of something else
// where that is named by a flag.
func misspelt(word string) error {
	if word == "latest" || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) || exists(word) || slices.Contains(modules(), word) {
		return nil
	}
	if hint := suggest.Hint(word, debugCommands); hint != "" {
		return usagef("debug: unknown command %q%s", word, hint)
	}
	return nil
}

// check finds what makes no sense, and fills in what is unset.
func (o *debugOptions) check(args []string) error {
	if o.command == "" {
		o.command = "analyze"
	}
	if !slices.Contains(debugCommands, o.command) {
		return usagef("unknown --command %q%s", o.command, hintOr(o.command, debugCommands))
	}
	if o.format == "" {
		o.format = "text"
		if format, ok := map[string]string{".json": "json", ".md": "markdown", ".html": "html"}[strings.ToLower(filepath.Ext(o.file))]; ok {
			o.format = format
		}
	}
	if !slices.Contains(debugFormats, o.format) {
		return usagef("unknown --format %q%s", o.format, hintOr(o.format, debugFormats))
	}
	if o.most < 1 {
		return usagef("--most %d: want 1 or more", o.most)
	}
	if o.duration == 0 {
		o.duration = analysed
		if o.command == "leaks" {
			o.duration = debugLeaks
		}
	}
	if o.duration < 0 || o.interval < 0 {
		return usagef("--monitoring-duration and --interval: want a time above 0, such as 60s and 1s")
	}
	if err := o.optimizing.check(o.command); err != nil {
		return err
	}
	if o.holders && o.command != "hotspots" && o.command != "leaks" {
		return usagef("--holders is for debug hotspots and debug leaks")
	}
	if o.interval == 0 {
		o.interval = min(max(o.duration/leastLooks, 10*time.Millisecond), time.Second)
	}
	if o.rate == 0 {
		o.rate = traceRate
	}
	o.mode = "live"
	format := o.format
	o.format = "" // of the profiler's, there are others
	err := o.profilerOptions.check(args)
	o.format = format
	return err
}

func (a *app) runDebug(ctx context.Context, o *debugOptions, args []string, dash int) (int, error) {
	h, err := a.resolve(&o.options)
	if err != nil {
		return 0, err
	}
	given := o.profilerOptions // before the defaults
	if err := o.check(args); err != nil {
		return 0, err
	}
	if err := a.named(o, args); err != nil {
		return 0, err
	}
	a.warnRate(&given, dash)
	switch o.command {
	case "leaks":
		return a.debugLeaks(ctx, o, args, dash)
	case "optimize":
		return a.optimize(ctx, o, h, args, dash)
	}
	seen, err := a.seen(ctx, o, h, args, dash)
	if err != nil {
		return 0, err
	}
	out, closeOut, err := a.outputTo(o.file)
	if err != nil {
		return 0, err
	}
	defer closeOut()
	want := anatomy.Options{Module: o.module, Target: o.shown.Target, Threshold: o.shown.Threshold, Most: o.most}
	taken := anatomy.Analyse(seen, want)
	if o.command == "hotspots" {
		err = a.hotspots(ctx, o, out, seen, taken, want)
	} else {
		err = a.analysis(o, out, taken)
	}
	return exitOf(err), err
}

func (a *app) analysis(o *debugOptions, out io.Writer, taken anatomy.Anatomy) error {
	if o.format == "json" {
		return report.Indented(out, taken)
	}
	return report.AnatomyPaper(taken, o.most).Write(out, o.format)
}

// hotspots completes the lines with their source and the compiler's reasons.
func (a *app) hotspots(ctx context.Context, o *debugOptions, out io.Writer, seen live.View, taken anatomy.Anatomy, want anatomy.Options) error {
	if why := seen.Lacks(highwater.QuantitySites); why != "" && len(seen.Sites) == 0 {
		return fmt.Errorf("no allocation sites can be seen: %s", why)
	}
	least := want.Threshold
	want.Threshold = 0 // what allocates most may hold nothing
	every := anatomy.Hotspots(seen, want)
	byLive, byRate := slices.DeleteFunc(anatomy.Above(every, least), func(h anatomy.Hotspot) bool { return h.Bytes <= 0 }), anatomy.ByRate(every)
	var show *progress
	if !o.quiet {
		show = newProgress(a.Stderr)
	}
	reasons := why.NewReasons(why.Side{}, show.say)
	for _, list := range [][]anatomy.Hotspot{byLive, byRate} {
		for i := range list[:min(o.most, len(list))] {
			explain(ctx, reasons, &list[i])
		}
	}
	show.end()
	if o.format == "json" {
		return report.Indented(out, map[string]any{
			"name": taken.Name, "at": taken.At, "profiled_bytes": taken.Profiled, "profile_rate": taken.Rate,
			"by_live_bytes": byLive, "by_allocation_rate": byRate[:min(len(byRate), max(len(byLive), o.most))], "goroutines": taken.Goroutines, "lacks": taken.Lacks, "holders": o.held,
		})
	}
	paper := report.HotspotPaper(taken, byLive, byRate, o.most)
	if o.held != nil {
		paper.Sections = append(paper.Sections, report.HolderSection(o.held.Holders, o.held.Stopped))
	}
	return paper.Write(out, o.format)
}

// around is how many lines of source are shown above a line and below.
const around = 1

// explain fills in what the source says of a hotspot.
func explain(ctx context.Context, reasons *why.Reasons, h *anatomy.Hotspot) {
	if text, err := sourceFile(h.Where.File); err == nil {
		lines := strings.Split(string(text), "\n")
		for n := max(h.Where.Line-around, 1); n <= min(h.Where.Line+around, len(lines)); n++ {
			h.Source = append(h.Source, anatomy.SourceLine{Number: n, Text: lines[n-1], Here: n == h.Where.Line})
		}
	}
	if !h.Own {
		h.NoCause = "it is no code of the program's own module, and was not compiled"
		return
	}
	found, err := reasons.At(ctx, h.Where)
	switch {
	case err != nil:
		h.NoCause = "why it is on the heap is not known: " + err.Error()
	case len(found) == 0 && len(h.Through) > 0:
		h.NoCause = "nothing of this line itself escapes: what it calls allocates"
	case len(found) == 0:
		h.NoCause = "the compiler names nothing that escapes on this line: it grows a slice, map or string, or runs inlined code"
	default:
		for _, r := range found {
			h.Reasons = append(h.Reasons, r.String())
		}
	}
}

// debugLeaks soaks, and judges as stability does; of a stored run, a soak is judged again.
func (a *app) debugLeaks(ctx context.Context, o *debugOptions, args []string, dash int) (int, error) {
	again := ""
	if len(args) == 1 && dash < 0 {
		info, err := os.Stat(args[0])
		isFile := err == nil && info.Mode().IsRegular()
		switch {
		case isFile && strings.HasSuffix(args[0], ".json") || args[0] == "latest":
			again, args = args[0], nil
		case isFile && !strings.HasSuffix(args[0], ".go") || storedName(args[0]):
			return 0, usagef("debug leaks: %s is no run, and a profile is of one moment, which does not tell what grows: name a process (--pid, --url), a program, or the Run file of a soak; `%s debug hotspots %s` shows what it holds", args[0], a.Name, args[0])
		}
	}
	s := &soakOptions{
		options: o.options, verb: debugLeaksVerb, duration: o.duration, interval: o.interval, jobs: 1,
		pid: o.pid, url: o.url, name: o.name, ready: o.ready, drive: o.drive, holders: o.holders, most: o.most,
	}
	s.output.format = o.format
	if o.file != "" {
		s.output.files = []string{o.file}
	}
	if s.resume = again; again != "" {
		return a.resume(ctx, s, args)
	}
	return a.runStability(ctx, s, args, dash)
}

// watched looks at a process for a while: with its sites at the beginning and at the end.
func (l *looked) watched(ctx context.Context, o *debugOptions) (live.View, error) {
	var h live.History
	full, err := l.Look(ctx, true)
	if err != nil {
		return live.View{}, err
	}
	h.Add(full)
	less := o.profilerOptions
	less.duration = max(o.duration-o.interval, 1)
	if err := l.looks(ctx, &less, false, func(s highwater.Snapshot) error { h.Add(s); return nil }); err != nil && !isGone(err) {
		return live.View{}, err
	}
	if s, err := l.Look(ctx, true); err == nil {
		h.Add(s)
	} else if isGone(err) {
		h.Add(highwater.Snapshot{At: time.Now(), Ended: l.ending(err)})
	} else if !errors.Is(err, context.Canceled) {
		return live.View{}, err
	}
	return h.View(), nil
}
