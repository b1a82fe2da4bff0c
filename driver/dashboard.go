package driver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/dashboard"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/trend"
	"github.com/spf13/cobra"
)

// dashboardOptions are the flags of dashboard.
type dashboardOptions struct {
	options
	file, since      string
	noHistory, serve bool
	listen           string
	baseline         func() *string
}

// dashboardFile is where the page goes that is not told where.
const dashboardFile = "dashboard.html"

// dashboardListen is where it is served unless told otherwise.
const dashboardListen = "127.0.0.1:8765"

func (a *app) page() *cobra.Command {
	o := &dashboardOptions{}
	c := &cobra.Command{
		Use:   "dashboard [RUN...]",
		Short: "a page of a run and its history: verdicts, budgets, timelines, flame graphs, trends",
		Long: `Make one page of HTML of stored runs and of the history of what they measured, to be
opened in a browser: verdict and budget of every scenario, timelines, repeats, the parts of
the memory, flame graphs of the peak and of its difference to the baseline, trends with
their change points and forecasts, and what was not measured. The page needs nothing
besides itself, and may be sent or kept. Nothing is measured.

RUN is what report takes; latest if there is none. A result of debug optimize (--format json)
among them adds its advice. The history is that of --store.

With --serve the page is served on this machine, and shows newer runs as they are stored.
--listen with an address that others can reach needs a token then, which is printed once.

Exit status: 0 the page is made, whatever it says; 2 a run or the history cannot be read;
3 wrong usage.`,
		Example: a.example("dashboard", "dashboard before.json --output before.html", "dashboard after.json --baseline before.json --no-history -o -"),
		Args:    arguments(0, mostRuns, "runs: IDs, latest, or files"),

		ValidArgsFunction: a.completeReference,
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&o.file, "output", "o", dashboardFile, "the `file` to write, - for standard output")
	o.add(f, storeFlags)
	f.StringVar(&o.since, "since", "400d", "how far the history goes back: an `age` such as 90d, or a date such as 2026-09-01")
	f.BoolVar(&o.noHistory, "no-history", false, "leave the history out")
	f.BoolVar(&o.serve, "serve", false, "serve the page on this machine, and keep it up to date")
	f.StringVar(&o.listen, "listen", dashboardListen, "serve it at this `address`, host:port; implies --serve")
	o.baseline = o.addJudging(f)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		if o.serve || f.Changed("listen") {
			if f.Changed("output") {
				return 0, usagef("--output with --serve: leave one of them out")
			}
			return a.serveDashboard(cmd.Context(), o, args)
		}
		in, err := a.dashboardOf(cmd.Context(), o, args, time.Now())
		if err != nil {
			return 0, err
		}
		return highwater.ExitOK, a.writeDashboard(o.file, in)
	})
	return c
}

func (a *app) writeDashboard(file string, in dashboard.Input) error {
	page, err := dashboard.Render(in)
	if err != nil {
		return err
	}
	if file == "-" {
		_, err := a.Stdout.Write(page)
		return err
	}
	if err := writable(file); err != nil {
		return usagef("--output %s: %w", file, err)
	}
	if err := store.WriteFile(file, page); err != nil {
		return fmt.Errorf("--output %s: %w", file, err)
	}
	_, err = fmt.Fprintf(a.Stdout, "%s: %s, %s, %s\n", file, count(len(in.Report.Rows), "scenario"), countOf(len(in.History), "series", "series"), highwater.FormatBytes(float64(len(page))))
	return err
}

// dashboardOf reads all that the page is of.
func (a *app) dashboardOf(ctx context.Context, o *dashboardOptions, refs []string, now time.Time) (dashboard.Input, error) {
	refs, advice, err := dashboardNamed(refs)
	if err != nil {
		return dashboard.Input{}, err
	}
	h, err := a.resolve(&o.options)
	if err != nil {
		return dashboard.Input{}, err
	}
	base, err := a.reference(ctx, o.baseline())
	if err != nil {
		return dashboard.Input{}, err
	}
	in := dashboard.Input{Advice: advice}
	if in.Report, err = a.dashboardReport(ctx, h, refs, base); err != nil {
		return in, err
	}
	return in, a.addHistory(ctx, o, h.store(), &in, now)
}

// dashboardReport judges what is named again.
func (a *app) dashboardReport(ctx context.Context, h held, refs []string, base *stored) (*highwater.Report, error) {
	if len(refs) > 1 {
		return a.merged(ctx, h, refs, base)
	}
	run, err := a.find(ctx, refs[0])
	switch {
	case err != nil:
		return nil, err
	case run.run == nil:
		return run.judged.Report, nil
	case len(snapshotsOf(run.run)) > 0 || traceOf(run.run) != nil:
		return nil, usagef("%s holds no measurements that are judged; `%s report %s` shows it", refs[0], a.Name, refs[0])
	}
	return a.judgeAgain(ctx, h, run, base)
}

// addHistory reads how the scenarios of the report went. Where no store is named there need
// not be one.
func (a *app) addHistory(ctx context.Context, o *dashboardOptions, dsn string, in *dashboard.Input, now time.Time) error {
	if o.noHistory {
		in.NoHistory = "The history was left out (--no-history)."
		return nil
	}
	from, err := since(o.since, now)
	if err != nil {
		return usagef("--since %w", err)
	}
	r, err := history.OpenExisting(ctx, dsn)
	if errors.Is(err, fs.ErrNotExist) && dsn == "" {
		in.NoHistory = fmt.Sprintf("There is no history yet: `%s gates --store` or `%s history add` begins one.", a.Name, a.Name)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	shown := map[string]bool{}
	for _, row := range in.Report.Rows {
		shown[row.Scenario.ID()] = true
	}
	all, err := r.Series(ctx, history.Query{Module: in.Report.Env.Module, Match: func(id string) bool { return shown[id] }, Since: from, Bare: true})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		in.NoHistory = fmt.Sprintf("%s has no results of these scenarios since %s.", r.Name(), from.Format(time.DateOnly))
	}
	trends := make([]highwater.Trend, len(all))
	for i, s := range all {
		trends[i] = trend.Of(s, trend.For(s.Key))
	}
	a.countCommits(ctx, trends)
	for i, s := range all {
		in.History = append(in.History, dashboard.Trended{Series: s, Trend: trends[i]})
	}
	return nil
}
