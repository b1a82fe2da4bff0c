package driver

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/spf13/cobra"
)

// textOrJSON declares the format of what is no report.
func textOrJSON(c *cobra.Command) func() (isJSON bool, err error) {
	format := c.Flags().String("format", "text", "`format`: text or json")
	return func() (bool, error) {
		if *format != "text" && *format != "json" {
			return false, usagef("--format %s: want text or json", *format)
		}
		return *format == "json", nil
	}
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.Stdout)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func (a *app) historyList() *cobra.Command {
	o := &options{}
	var last int
	c := &cobra.Command{
		Use:     "list",
		Short:   "list the runs in the history, the newest first",
		Long:    "List the runs in the history, the newest first, each with its verdict of then, how many results there are of it, and how many of its measurements failed.",
		Example: a.example("history list", "history list --last 5 --format json"),
		Args:    arguments(0, 0, "no argument"),
	}
	c.Flags().IntVar(&last, "last", 0, "only the newest `n`; 0 for all")
	asJSON := textOrJSON(c)
	o.add(c.Flags(), storeFlags)
	o.common(c.Flags())
	c.RunE = a.verb(func(cmd *cobra.Command, _ []string) (int, error) {
		isJSON, err := asJSON()
		if err != nil {
			return 0, err
		}
		return a.opened(cmd.Context(), o, false, func(_ held, s *history.Store) (int, error) {
			runs, err := s.Runs(cmd.Context())
			if err != nil {
				return 0, err
			}
			if last > 0 {
				runs = runs[:min(last, len(runs))]
			}
			if isJSON {
				return highwater.ExitOK, a.printJSON(listedRuns(runs))
			}
			if len(runs) == 0 {
				_, err := fmt.Fprintf(a.Stdout, "no runs in %s; `%s history add RUN` adds one\n", s.Name(), a.Name)
				return highwater.ExitOK, err
			}
			w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
			for _, r := range runs {
				failed := ""
				if r.Errors > 0 {
					failed = ", " + count(r.Errors, "measurement") + " failed"
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s%s\n", r.ID, r.At.Local().Format(time.DateTime),
					orDash(r.Branch), commit(r.Commit, r.Dirty), orDash(string(r.Verdict)), count(r.Results, "result"), failed)
			}
			return highwater.ExitOK, w.Flush()
		})
	})
	return c
}

// listedRun also has how many results there are, which an export has not.
type listedRun struct {
	history.Run
	Results int `json:"results"`
}

func listedRuns(runs []history.Run) []listedRun {
	all := make([]listedRun, len(runs))
	for i, r := range runs {
		all[i] = listedRun{r, r.Results}
	}
	return all
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return harmless(s)
}

// commit is a commit's hash as far as a table needs it, with a plus where there was
// more than it.
func commit(hash string, dirty bool) string {
	const short = 9
	s := orDash(hash[:min(len(hash), short)])
	if dirty {
		s += "+"
	}
	return s
}

func (a *app) historyShow() *cobra.Command {
	o := &options{}
	var q historyQuery
	c := &cobra.Command{
		Use:   "show SCENARIO...",
		Short: "show the results of scenarios over time",
		Long: `Show the results of scenarios over time, a table for each metric, branch and
environment, the oldest first. SCENARIO is a pattern, as --scenario takes it elsewhere.`,
		Example: a.example("history show 'terminal_operations/cursor*' --metric peak", "history show all --last 3 --format json"),
		Args:    arguments(1, mostRuns, "scenarios, or all"),
	}
	q.add(c.Flags(), false, 20)
	asJSON := textOrJSON(c)
	o.add(c.Flags(), storeFlags)
	o.common(c.Flags())
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		isJSON, err := asJSON()
		if err != nil {
			return 0, err
		}
		q.scenarios = args
		query, err := q.query(time.Now())
		if err != nil {
			return 0, err
		}
		query.Bare = !isJSON
		return a.opened(cmd.Context(), o, false, func(_ held, s *history.Store) (int, error) {
			series, err := s.Series(cmd.Context(), query)
			switch {
			case err != nil:
				return 0, err
			case len(series) == 0:
				return 0, usagef("nothing in %s matches; `%s history list` shows the runs, and `%s history show all` everything", s.Name(), a.Name, a.Name)
			case isJSON:
				return highwater.ExitOK, a.printJSON(series)
			}
			for i, one := range series {
				if i > 0 {
					fmt.Fprintln(a.Stdout)
				}
				if err := a.showSeries(one); err != nil {
					return 0, err
				}
			}
			return highwater.ExitOK, nil
		})
	})
	return c
}

// showSeries prints a table of one series.
func (a *app) showSeries(s highwater.Series) error {
	on := ""
	if s.Key.Branch != "" {
		on = " on " + s.Key.Branch
	}
	fmt.Fprintf(a.Stdout, "%s: %s%s, %s\n", harmless(s.Key.Scenario), harmless(s.Key.Metric), harmless(on), harmless(s.Key.Environment))
	m, ok := highwater.MetricByName(s.Key.Metric)
	if !ok {
		m = highwater.Metric{Unit: history.Unit(s.Key.Metric)}
		if m.Unit == "B/h" {
			m.Unit = highwater.UnitBytes
		}
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  when\tcommit\t%s\tinterval\tlimit\tgo\trun\n", orDash(s.Key.Metric))
	for _, p := range s.Points {
		limit := "-"
		if p.Limit != nil {
			limit = m.Format(*p.Limit)
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s to %s\t%s\t%s\t%s\n", p.At.Local().Format(time.DateTime), commit(p.Commit, p.Dirty),
			m.Format(p.Center), m.Format(p.Low), m.Format(p.High), limit, orDash(p.Go), p.Run)
	}
	return w.Flush()
}
