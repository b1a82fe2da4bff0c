package driver

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/highwater-dev/highwater/internal/trend"
	"github.com/spf13/cobra"
)

// trendOptions are the flags of trend.
type trendOptions struct {
	options
	scenarios, metrics, branches []string
	module, since, horizon       string
	format, failOn               string
	allowShort                   bool
	threshold                    string
}

var (
	trendFormats = []string{"text", "json", "markdown"}
	trendFails   = []string{"never", "worse", "drifting"}
)

// trendSince is how far trend looks back: a step that is older than a season is the
// state of things.
const trendSince = "90d"

func (a *app) trend() *cobra.Command {
	o := &trendOptions{}
	c := &cobra.Command{
		Use:   "trend",
		Short: "what the results of a history do over time",
		Long: `Read the history and say of each scenario and metric what it does over time: where
it stepped, between which commits; whether it drifts; which results are strays; where
it goes next, and when that crosses its limit; and, where that is so, that it is too
noisy to tell. The worst is first. Nothing is measured.

--fail-on worse makes trend fail when the newest step of a series made it worse by
more than its threshold; --fail-on drifting also when a series gets worse little by
little. What is older than --since is not looked at, and so is accepted.

Exit status: 0 told, whatever it was; 1 --fail-on says so; 2 there is no data: no
history, no series of that name, or none with enough results (--allow-short accepts
those); 3 wrong usage.`,
		Example: a.example(
			"trend",
			"trend --metric peak --branch main --since 365d",
			"trend --branch topic --fail-on worse --format json",
		),
		Args: arguments(0, 0, "no argument"),
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringSliceVar(&o.scenarios, "scenario", nil, "only scenarios that match these `patterns`: SUITE, SUITE/NAME, with * and ?")
	f.StringSliceVar(&o.metrics, "metric", nil, "only these `metrics`, such as peak")
	f.StringSliceVar(&o.branches, "branch", nil, "only results of these `branches`")
	f.StringVar(&o.module, "module", "", "only results of this `module`")
	o.add(f, storeFlags)
	f.StringVar(&o.since, "since", trendSince, "look at results from then on: an `age` such as 90d, 12w or 36h, or a date such as 2026-09-01")
	f.StringVar(&o.threshold, "threshold", "", "from which step on a series is worse, such as `5%` or 10%|64KiB (default: that of the metric)")
	f.StringVar(&o.horizon, "horizon", "90d", "how far a forecast looks for the limit, as an `age`")
	f.StringVar(&o.failOn, "fail-on", "never", "exit with 1 when a series is this: "+strings.Join(trendFails, ", "))
	f.BoolVar(&o.allowShort, "allow-short", false, "series that have too few results to say anything are no error: a history has just begun")
	f.StringVar(&o.format, "format", "text", "text, json or markdown")
	o.common(f)
	c.RunE = a.verb(func(cmd *cobra.Command, _ []string) (int, error) { return a.runTrend(cmd.Context(), o, time.Now()) })
	return c
}

// runTrend is trend at a time.
func (a *app) runTrend(ctx context.Context, o *trendOptions, now time.Time) (int, error) {
	q, adjust, err := o.query(now)
	if err != nil {
		return 0, err
	}
	h, err := a.resolve(&o.options)
	if err != nil {
		return 0, err
	}
	r, err := history.OpenExisting(ctx, h.store())
	if err != nil {
		return 0, err
	}
	defer r.Close()
	all, err := r.Series(ctx, q)
	if err != nil {
		return 0, err
	}
	if len(all) == 0 {
		return 0, fmt.Errorf("%s has no results %s; `%s history list` lists what there is", r.Name(), o.words(), a.Name)
	}
	t := report.Trends{Series: all, Trends: make([]highwater.Trend, len(all))}
	for i, s := range all {
		to := trend.For(s.Key)
		adjust(&to)
		t.Trends[i] = trend.Of(s, to)
	}
	a.countCommits(ctx, t.Trends)
	t.Sort()
	switch o.format {
	case "json":
		err = t.JSON(a.Stdout)
	case "markdown":
		err = t.Markdown(a.Stdout)
	default:
		err = t.Text(a.Stdout, o.verbose)
	}
	if err != nil {
		return 0, fmt.Errorf("write to standard output: %w", err)
	}
	return o.exit(t.Trends)
}

// exit is the status: a failure is told before what could not be judged.
func (o *trendOptions) exit(all []highwater.Trend) (int, error) {
	short := 0
	for _, t := range all {
		switch {
		case t.Verdict == highwater.TrendShort:
			short++
		case o.failOn == "never":
		case t.Verdict == highwater.TrendWorse,
			o.failOn == "drifting" && t.Drift != nil && t.Drift.Worse:
			return highwater.ExitFail, nil
		}
	}
	if short == len(all) && !o.allowShort {
		return 0, fmt.Errorf("no series has enough results %s to say anything", o.words())
	}
	return highwater.ExitOK, nil
}

// words say what was asked for.
func (o *trendOptions) words() string {
	text := "since " + o.since
	for _, w := range []struct {
		what  string
		names []string
	}{{"scenario", o.scenarios}, {"metric", o.metrics}, {"branch", o.branches}} {
		if len(w.names) > 0 {
			text += fmt.Sprintf(", of %s %s", w.what, strings.Join(w.names, ", "))
		}
	}
	return text
}

// knownWord refuses a word that is none of the known ones.
func knownWord(flag, word string, known []string) error {
	if slices.Contains(known, word) {
		return nil
	}
	hint := suggest.Hint(word, known)
	if hint == "" {
		hint = "; it may be " + strings.Join(known, ", ")
	}
	return usagef("--%s %q is unknown%s", flag, word, hint)
}
