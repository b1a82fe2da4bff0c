package driver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// adding is how long a run may take to be added once it is measured: nobody is to wait
// for a database that does not answer.
const adding = 2 * time.Minute

func (a *app) history() *cobra.Command {
	return group("history", "keep results over time, in a file or for a team",
		`Keep what runs came to, over time: one result of each metric of each scenario and
run, in a series for each branch and environment. gates and stability add their runs
with --store; history add adds runs that were stored before.

The store is an SQLite file, history.db in the state directory unless --store,
HIGHWATER_STORE or store in highwater.yml names another one, or a database of
PostgreSQL for a team: postgres://USER@HOST/DATABASE, with the password in PGPASSWORD
or ~/.pgpass.`,
		a.example("history add after.json", "history list", "history show 'terminal_operations/cursor*' --metric peak"),
		a.historyAdd(), a.historyList(), a.historyShow(), a.historyPrune(), a.historyExport(), a.historyImport())
}

// storeOf is the store that the settings name.
func (h held) store() string { return or(h.Store, "") }

// opened opens the store that the flags, variables and the file name, makes one where
// there is none and create says so, and does something with it.
func (a *app) opened(ctx context.Context, o *options, create bool, do func(h held, s *history.Store) (int, error)) (exit int, err error) {
	h, err := a.resolve(o)
	if err != nil {
		return 0, err
	}
	open := history.OpenExisting
	if create {
		open = history.Open
	}
	s, err := open(ctx, h.store())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(h, s)
}

// remember adds a judged run to the store, where one is named. What was measured is in
// the Run file, whatever becomes of this.
func (a *app) remember(ctx context.Context, h held, o *options, r *highwater.Report) error {
	if h.Store == nil || r == nil || r.Run == nil {
		return nil
	}
	again := fmt.Sprintf("the run is kept, and `%s history add %s` adds it", a.Name, r.RunID)
	if ctx.Err() != nil {
		if !o.quiet {
			a.warn("interrupted: nothing was added to the history; %s", again)
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, adding)
	defer cancel()
	n, err := a.addTo(ctx, h.store(), r)
	if err != nil {
		return fmt.Errorf("%w; %s", err, again)
	}
	if !o.quiet {
		fmt.Fprintf(a.Stderr, "%s: added %s to the history in %s\n", a.Name, count(n, "result"), history.Name(h.store()))
	}
	return nil
}

func (a *app) addTo(ctx context.Context, dsn string, r *highwater.Report) (n int, err error) {
	s, err := history.Open(ctx, dsn)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.Add(ctx, r)
}

// commandLine is how highwater was called, as a Run file keeps it: without passwords.
func (a *app) commandLine() []string {
	line := append([]string{a.Name}, a.Args...)
	for i, arg := range line {
		line[i] = history.Redact(arg)
	}
	return line
}

// historyQuery are the flags that choose series and points.
type historyQuery struct {
	scenarios, metrics, branches []string
	since                        string
	last                         int
}

func (q *historyQuery) add(flags *pflag.FlagSet, scenarios bool, last int) {
	if scenarios {
		flags.StringArrayVar(&q.scenarios, "scenario", nil, "only scenarios that match this `pattern`; repeatable")
	}
	flags.StringArrayVar(&q.metrics, "metric", nil, "only this `metric`, such as peak; repeatable")
	flags.StringArrayVar(&q.branches, "branch", nil, "only this `branch`; repeatable")
	flags.StringVar(&q.since, "since", "", "only runs from this `time` on: a date, or how long ago, such as 90d")
	flags.IntVar(&q.last, "last", last, "only so many results of each series, the newest `n`; 0 for all")
}

// query is what the flags mean.
func (q *historyQuery) query(now time.Time) (history.Query, error) {
	hq := history.Query{Metrics: q.metrics, Branches: q.branches, Last: q.last}
	if q.last < 0 {
		return hq, usagef("--last %d: want 0 or more", q.last)
	}
	for _, m := range q.metrics {
		if history.Unit(m) == "" {
			return hq, usagef("--metric %s: there is no such metric; see docs/metrics.md and docs/history.md", m)
		}
	}
	if q.since != "" {
		at, err := moment(q.since, now.UTC())
		if err != nil {
			return hq, usagef("--since: %w", err)
		}
		hq.Since = at
	}
	if len(q.scenarios) > 0 {
		hq.Match = func(id string) bool {
			for _, p := range q.scenarios {
				if config.Match(p, id) {
					return true
				}
			}
			return false
		}
	}
	return hq, nil
}
