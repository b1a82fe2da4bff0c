package driver

import (
	"fmt"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/spf13/cobra"
)

func (a *app) historyAdd() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use:   "add RUN...",
		Short: "add stored runs",
		Long: `Add stored runs to the history: IDs of runs list, latest, or files. Each is judged by
today's configuration, whose limits are kept beside the results. What is there already
stays as it is, so that a run can be added again.`,
		Example:           a.example("history add after.json", "history add latest before.json"),
		Args:              arguments(1, mostRuns, "runs: IDs, latest, or files"),
		ValidArgsFunction: a.completeReference,
	}
	o.add(c.Flags(), storeFlags)
	o.common(c.Flags())
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		return a.opened(cmd.Context(), o, true, func(h held, s *history.Store) (int, error) {
			exit := highwater.ExitOK
			for _, ref := range args {
				line, err := a.addRun(cmd, h, s, ref)
				if err != nil {
					if cmd.Context().Err() != nil {
						return 0, err
					}
					a.complain(fmt.Errorf("%s: %w", ref, err))
					exit = highwater.ExitError
					continue
				}
				fmt.Fprintln(a.Stdout, line)
			}
			return exit, nil
		})
	})
	return c
}

// addRun adds one run, and says what came of it.
func (a *app) addRun(cmd *cobra.Command, h held, s *history.Store, ref string) (string, error) {
	run, err := a.lookup(cmd.Context(), ref)
	if err != nil {
		return "", err
	}
	r, err := a.judgeAgain(cmd.Context(), h, run, nil)
	if err != nil {
		return "", err
	}
	n, err := s.Add(cmd.Context(), r)
	if err != nil {
		return "", err
	}
	if n == 0 {
		return fmt.Sprintf("run %s: nothing that is not there already", run.run.ID), nil
	}
	return fmt.Sprintf("run %s: added %s", run.run.ID, count(n, "result")), nil
}

func (a *app) historyPrune() *cobra.Command {
	o := &options{}
	var older string
	var keep int
	c := &cobra.Command{
		Use:   "prune",
		Short: "remove old results",
		Long: `Remove the results of runs that are older than --older-than, and of each series all
but the newest --keep. The room that they took in an SQLite file is used again for what
is added later.`,
		Example: a.example("history prune --older-than 400d", "history prune --keep 1000"),
		Args:    arguments(0, 0, "no argument"),
	}
	c.Flags().StringVar(&older, "older-than", "", "remove runs from before this `time`: a date, or how long ago, such as 400d")
	c.Flags().IntVar(&keep, "keep", 0, "keep so many results of each series, the newest `n`; 0 for no bound")
	o.add(c.Flags(), storeFlags)
	o.common(c.Flags())
	c.RunE = a.verb(func(cmd *cobra.Command, _ []string) (int, error) {
		k := history.Keep{Newest: keep}
		if older != "" {
			at, err := moment(older, time.Now().UTC())
			if err != nil {
				return 0, usagef("--older-than: %w", err)
			}
			k.Since = at
		}
		if keep < 0 || keep == 0 && older == "" {
			return 0, usagef("say what to keep: --older-than TIME, --keep N with 1 or more, or both")
		}
		return a.opened(cmd.Context(), o, false, func(_ held, s *history.Store) (int, error) {
			p, err := s.Prune(cmd.Context(), k)
			if err == nil {
				_, err = fmt.Fprintf(a.Stdout, "removed %s, %s and %d series\n", count(int(p.Results), "result"), count(int(p.Runs), "run"), p.Series)
			}
			return highwater.ExitOK, err
		})
	})
	return c
}
