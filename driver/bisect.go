package driver

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/spf13/cobra"
)

// bisectConfidence is how sure an answer is to be, where nobody says otherwise.
const bisectConfidence = 0.99

var bisectFormats = []string{"text", "json", "markdown", "html"}

// bisectOptions are what the flags of bisect say besides those that all verbs share.
type bisectOptions struct {
	options
	good, bad     string
	metric        string
	thresholdText string
	confidence    float64
	resume, fresh bool
	format, file  string

	threshold *highwater.Threshold // nil: those of gates
}

func (a *app) bisect() *cobra.Command {
	o := &bisectOptions{}
	c := &cobra.Command{
		Use:   "bisect [PACKAGE...] --good REF [--bad REF]",
		Short: "find the commit at which a benchmark or scenario became worse",
		Long: fmt.Sprintf(`Find the commit at which a metric of a benchmark or memtest scenario became worse.
Both ends are measured in turn first; where they do not differ by the threshold there
is nothing to find. Then commits between them are built and measured, each in turn with
the good end, until one of them is it with the confidence that is asked for. It is
measured once more against the commit before it, and the lines behind the change are
shown.

Commits are those of the line of first parents: a merge is one step. What does not
build, or lacks the scenario, is skipped. They are checked out into highwater's cache:
work tree, index and refs stay as they are. What was measured is kept, and the same
command goes on where it was interrupted.

Without --metric it is the metric that differs most between the ends, and with several
benchmarks the one of them. PACKAGE is ./... if unset.

Exit status: 0 the commit was found, with a confidence of %v unless --confidence says
otherwise; 2 there is nothing to find, or it could not be decided; 3 wrong usage or
configuration.`, bisectConfidence),
		Example: a.example(
			"bisect . --good v1.0.0 --bench Keep",
			"bisect . --good v1.0.0 --bad main --bench Keep --metric alloc_bytes --threshold 2% --fresh",
		),
		Args: cobra.ArbitraryArgs,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.good, "good", "", "git `revision` that is known to be good")
	flags.StringVar(&o.bad, "bad", "HEAD", "git `revision` that is known to be bad")
	o.add(flags, []string{"scenarios", "bench", "tests", "examples"})
	flags.StringVar(&o.metric, "metric", "", "`name` of the metric; that which differs most between the ends if unset")
	flags.StringVar(&o.thresholdText, "threshold", "", "by how much the ends must differ, as in 2% or 2%|8KiB; what gates holds the metric to if unset")
	flags.Float64Var(&o.confidence, "confidence", bisectConfidence, "`probability` with which the answer is to be right")
	flags.BoolVar(&o.resume, "resume", false, "go on where the same command was, and fail if there is nothing to go on with")
	flags.BoolVar(&o.fresh, "fresh", false, "begin anew, whatever was measured before")
	o.add(flags, []string{"benchtime", "cpu", "tags", "timeout", "max_memory", "time", "memory_time", "jobs"})
	flags.StringVar(&o.format, "format", "", "`format`: "+strings.Join(bisectFormats, ", ")+"; by the name of --output, else text")
	flags.StringVarP(&o.file, "output", "o", "", "write to `file`")
	o.common(flags)
	a.complete(c)
	a.completeBisect(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) > 0 {
			o.said.Packages = args
		}
		if err := o.check(); err != nil {
			return 0, err
		}
		return a.runBisect(cmd.Context(), o)
	})
	return c
}

func (a *app) completeBisect(c *cobra.Command) {
	words := func(list []string) cobra.CompletionFunc {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return list, cobra.ShellCompDirectiveNoFileComp
		}
	}
	if err := c.RegisterFlagCompletionFunc("metric", words(metricNames())); err != nil {
		panic(err) // registered twice: a programmer's error
	}
}

func metricNames() []string {
	var names []string
	for _, m := range highwater.Metrics() {
		names = append(names, m.Name)
	}
	return names
}

// check finds what makes no sense, and fills in what is unset.
func (o *bisectOptions) check() error {
	if o.format == "" {
		o.format = "text"
		if format, ok := map[string]string{".json": "json", ".md": "markdown", ".html": "html"}[strings.ToLower(filepath.Ext(o.file))]; ok {
			o.format = format
		}
	}
	switch {
	case o.good == "":
		return usagef("bisect: say with --good which revision was good, such as a tag; --bad is HEAD unless it says otherwise")
	case o.resume && o.fresh:
		return usagef("--resume and --fresh contradict each other: give one of them")
	case !(o.confidence > 0.5 && o.confidence < 1):
		return usagef("--confidence %v: want a probability above 0.5 and below 1, such as 0.99", o.confidence)
	case !slices.Contains(bisectFormats, o.format):
		return usagef("unknown --format %q%s", o.format, hintOr(o.format, bisectFormats))
	}
	if _, ok := highwater.MetricByName(o.metric); !ok && o.metric != "" {
		hint := suggest.Hint(o.metric, metricNames())
		if hint == "" {
			hint = "; docs/metrics.md lists them"
		}
		return usagef("--metric: no metric is called %q%s", o.metric, hint)
	}
	if o.thresholdText != "" {
		t, err := highwater.ParseThreshold(o.thresholdText)
		if err != nil {
			return usagef("--threshold: %w", err)
		}
		o.threshold = &t
	}
	return nil
}

// runBisect searches, and prints what that came to.
func (a *app) runBisect(ctx context.Context, o *bisectOptions) (int, error) {
	h, err := a.resolve(&o.options)
	if err != nil {
		return 0, err
	}
	out, closeOut, err := a.outputTo(o.file)
	if err != nil {
		return 0, err
	}
	defer closeOut()
	b, err := a.beginBisection(ctx, h, o)
	defer func() {
		b.close()
		_ = b.held.Close() // there is none after an early error
	}()
	if err != nil {
		return 0, err
	}
	d, err := b.run(ctx)
	if err != nil {
		return 0, err
	}
	if o.format == "json" {
		err = report.Indented(out, d)
	} else {
		err = report.BisectPaper(d).Write(out, o.format)
	}
	if err != nil || d.Verdict != bisect.VerdictFound {
		return highwater.ExitError, err
	}
	return highwater.ExitOK, nil
}

// key is what tells a search from others, as text.
func (o *bisectOptions) key() string {
	return strings.Join([]string{o.metric, o.thresholdText, strconv.FormatFloat(o.confidence, 'g', -1, 64)}, "\x00")
}
