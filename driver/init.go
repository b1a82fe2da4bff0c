package driver

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/pipeline"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/spf13/cobra"
)

const (
	// initRepeats are the processes of each pass that budgets are taken from.
	initRepeats = 3
	// initOps is the number of operations of benchmarks that init measures and writes
	// down: with it they hold the same in every later run.
	initOps = 100
)

// initOptions are the flags that init alone has.
type initOptions struct {
	output string
	margin string
	force  bool
	each   bool
	ci     string
}

func (a *app) init() *cobra.Command {
	o, n := &options{}, initOptions{}
	c := &cobra.Command{
		Use:   "init [PACKAGE...]",
		Short: "measure once, and write a highwater.yml with budgets from it",
		Long: fmt.Sprintf(`Measure what gates would, and write a highwater.yml in which every scenario has
budgets: what was measured, plus --margin and a little that nobody is to be told of,
rounded up. What was measured stands beside each budget. A package with many
benchmarks gets one entry for most of them, and entries for those that need more.

Benchmarks make %d operations each unless --benchtime says otherwise, and the file
says so: what a benchmark holds may depend on it. A file that is there already is
left alone, unless --force is given; --output - prints.

Besides, write a pipeline that runs gates on each change: --ci says for what. Unset,
it is github or gitlab where the repository looks as if it were there, and none
otherwise. With --ci and a highwater.yml that is there already only the pipeline is
written, and nothing is measured.

Exit status: 0 written; 2 a scenario could not be measured, and has no budget in the
file; 3 wrong usage or configuration, or the file is there.`, initOps),
		Example: a.example(
			"init --scenario terminal_operations/cursor_operations --output -",
			"init --scenario terminal_operations/cursor_operations --margin 20% --output -",
			"init . --bench Keep --ci github --output budgets.yml",
		),
		Args: cobra.ArbitraryArgs,
	}
	flags := c.Flags()
	flags.SortFlags = false
	o.add(flags, whatFlags)
	flags.StringVar(&n.margin, "margin", "10%", "`percent` of what was measured that budgets lie above it")
	flags.StringVarP(&n.output, "output", "o", config.Name, "write this `file`, or - for standard output")
	flags.BoolVar(&n.force, "force", false, "write over a file that is there")
	flags.StringVar(&n.ci, "ci", "", "also write a pipeline for `what`: "+strings.Join(pipeline.Names(), ", ")+"; none for none")
	flags.BoolVar(&n.each, "each", false, "an entry for every scenario, however many there are")
	o.add(flags, measureFlags, benchFlags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) > 0 {
			o.said.Packages = args
		}
		return a.runInit(cmd.Context(), o, n)
	})
	return c
}

func (a *app) runInit(ctx context.Context, o *options, n initOptions) (int, error) {
	margin, err := highwater.ParseThreshold(n.margin)
	if err != nil || margin.Floor > 0 || margin.Relative <= 0 {
		return 0, usagef("--margin %s: want a percentage, such as 20%%", n.margin)
	}
	h, err := a.resolve(o)
	if err != nil {
		return 0, err
	}
	ci, err := a.pipeline(ctx, h, n)
	if err != nil {
		return 0, err
	}
	if ci != nil && n.ci != "" && n.output == config.Name && exists(n.output) && !n.force {
		return a.writePipeline(ci, o.quiet)
	}
	if n.output != "-" {
		if exists(n.output) && !n.force {
			return 0, usagef("%s is there already: look at what would be written with --output -, or write over it with --force", n.output)
		}
		if err := writable(n.output); err != nil {
			return 0, usagef("--output %s: %w", n.output, err)
		}
	}
	if len(h.Packages) > 0 && h.Benchtime == nil {
		h.Benchtime = &config.Benchtime{Ops: initOps}
	}
	// What is measured goes into the file, whatever limits it is over: none is close.
	repeats := or(h.Repeats, initRepeats)
	h.Repeats, h.MaxRepeats = &repeats, &repeats
	r, err := a.measure(ctx, h, o, nil)
	if r == nil {
		return 0, err
	}
	if ctx.Err() != nil {
		return 0, fmt.Errorf("interrupted: nothing was written, and what was measured is run %s", r.RunID)
	}
	if err != nil {
		return 0, err
	}
	in := a.initial(h, r, n, margin.Relative)
	text, err := in.Text()
	if err != nil {
		return 0, err
	}
	if n.output == "-" {
		if _, err := a.Stdout.Write(text); err != nil {
			return 0, fmt.Errorf("write to standard output: %w", err)
		}
	} else {
		if err := store.WriteFile(n.output, text); err != nil {
			return 0, fmt.Errorf("--output %s: %w", n.output, err)
		}
		if !o.quiet {
			say(a.Stderr, a.Name, fmt.Sprintf("wrote %s with budgets for %s", n.output, count(len(in.Measured), "scenario")))
		}
	}
	if _, err := a.writePipeline(ci, o.quiet); err != nil {
		return 0, err
	}
	if len(in.Missing) > 0 {
		for _, m := range in.Missing {
			a.warn("without a budget: %s", m)
		}
		return highwater.ExitError, nil
	}
	return highwater.ExitOK, nil
}

// initial collects what the file is to say of the run.
func (a *app) initial(h held, r *highwater.Report, n initOptions, margin float64) config.Initial {
	in := config.Initial{Margin: margin, Each: n.each, Settings: initSettings(h, n.output)}
	e := r.Env
	in.Comments = []string{
		fmt.Sprintf("Written by %s init on %s with %s on %s/%s, from run %s.", a.Name, time.Now().UTC().Format(time.DateOnly), e.Go, e.GOOS, e.GOARCH, r.RunID),
		"Budgets are what was measured plus a margin: lower them where less will do, and give",
		"each that matters the reason why it is as it is. All keys: docs/config.md.",
	}
	for _, row := range r.Rows {
		b := config.Budgeted{Suite: row.Scenario.Suite, ID: row.Scenario.ID(), Most: map[string]float64{}, Figures: map[string]float64{}, Divisor: float64(max(row.Scenario.Sessions, 1))}
		for _, f := range row.Findings {
			if f.Verdict == highwater.VerdictError {
				in.Missing = append(in.Missing, b.ID+": "+f.Reason)
				b.Most = nil
				break
			}
		}
		for _, m := range []string{highwater.Peak, highwater.Sustained, highwater.AllocBytes, highwater.Allocs} {
			if s, ok := row.Summaries[m]; ok && b.Most != nil {
				b.Most[m], b.Figures[m] = max(s.Center, s.High), s.Center
			}
		}
		if len(b.Most) > 0 {
			in.Measured = append(in.Measured, b)
		}
	}
	return in
}

// initSettings are the settings that a later run has to have in common with this one.
func initSettings(h held, output string) []config.Line {
	var lines []config.Line
	add := func(name, comment string, values ...string) {
		if len(values) == 0 {
			return
		}
		for i, v := range values {
			values[i] = strconv.Quote(v)
		}
		text := values[0]
		if len(values) > 1 {
			text = "[" + strings.Join(values, ", ") + "]"
		}
		lines = append(lines, config.Line{Name: name, Value: text, Comment: comment})
	}
	var packages []string
	for _, p := range h.Packages {
		packages = append(packages, fromFolder(p, output))
	}
	add("scenarios", "what runs when nothing is named", append([]string{}, h.Scenarios...)...)
	add("packages", "what runs when nothing is named", packages...)
	add("engine", "", append([]string{}, h.Engines...)...)
	if h.Bench != nil {
		add("bench", "", *h.Bench)
	}
	if h.Benchtime != nil && len(h.Packages) > 0 {
		lines = append(lines, config.Line{Name: "benchtime", Value: h.Benchtime.String(), Comment: "what a benchmark holds may depend on it: the budgets are for this number"})
	}
	add("tags", "", append([]string{}, h.Tags...)...)
	if h.Tests != nil {
		add("tests", "", *h.Tests)
	}
	if h.Examples != nil {
		add("examples", "", *h.Examples)
	}
	if isTrue(h.Race) {
		lines = append(lines, config.Line{Name: "race", Value: "true"})
	}
	if h.CPU != nil {
		lines = append(lines, config.Line{Name: "cpu", Value: "[" + strings.Join(h.CPU, ", ") + "]"})
	}
	return lines
}

// fromFolder is a package pattern as it is written in a file, which may be in another
// folder than this one.
func fromFolder(pattern, file string) string {
	if !filepath.IsAbs(pattern) && (!strings.HasPrefix(pattern, ".") || file == "-") {
		return pattern
	}
	wd, err := os.Getwd()
	if err != nil {
		return pattern
	}
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(wd, pattern)
	}
	dir := wd
	if file != "-" {
		if dir, err = filepath.Abs(filepath.Dir(file)); err != nil {
			return pattern
		}
	}
	rel, err := filepath.Rel(dir, pattern)
	if err != nil {
		return pattern
	}
	if rel = filepath.ToSlash(rel); rel != "." && !strings.HasPrefix(rel, "../") {
		rel = "./" + rel
	}
	return rel
}
