package driver

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/spf13/cobra"
)

func (a *app) runs() *cobra.Command {
	return group("runs", "list and clean the stored runs",
		`Every run is kept with its profiles in highwater's state directory
($HIGHWATER_STATE_DIR, else the user's own), which is bounded in size: the oldest
runs go first.`,
		a.example("runs list", "runs clean --keep 10"),
		a.runsList(), a.runsClean())
}

func (a *app) runsList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "list the stored runs, newest first",
		Long:    "List the stored runs, newest first. `report ID` prints one again.",
		Example: a.example("runs list"),
		Args:    arguments(0, 0, "no argument"),
		RunE: a.verb(func(*cobra.Command, []string) (int, error) {
			dir, err := store.Runs()
			if err != nil {
				return 0, err
			}
			ids, err := dir.List()
			if err != nil {
				return 0, err
			}
			if len(ids) == 0 {
				_, err := fmt.Fprintf(a.Stdout, "no runs in %s; `%s gates` makes one\n", dir.Root, a.Name)
				return highwater.ExitOK, err
			}
			exit := highwater.ExitOK
			w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
			for _, id := range ids {
				r, err := dir.Load(id)
				if err != nil {
					a.complain(fmt.Errorf("run %s: %w", id, err))
					exit = highwater.ExitError
					continue
				}
				note := ""
				if r.Finished == nil {
					note = ", cut short"
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s%s\n", id, r.Created.Local().Format(time.DateTime),
					count(len(r.Scenarios), "scenario"), count(len(r.Measurements), "measurement"), note)
			}
			return exit, w.Flush()
		}),
	}
}

func (a *app) runsClean() *cobra.Command {
	var keep int
	c := &cobra.Command{
		Use:     "clean",
		Short:   "remove the oldest stored runs",
		Long:    "Remove the oldest stored runs and their profiles. Baselines stay, and so does a run that is still being measured.",
		Example: a.example("runs clean --keep 10"),
		Args:    arguments(0, 0, "no argument"),
	}
	c.Flags().IntVar(&keep, "keep", 10, "how many of the newest runs to keep, at least 1")
	c.RunE = a.verb(func(*cobra.Command, []string) (int, error) {
		if keep < 1 {
			return 0, usagef("--keep %d: at least the newest run is kept; want 1 or more", keep)
		}
		dir, err := store.Runs()
		if err != nil {
			return 0, err
		}
		removed, err := dir.Prune(keep, 0)
		for _, id := range removed {
			fmt.Fprintf(a.Stdout, "removed %s\n", id)
		}
		if err == nil && len(removed) == 0 {
			_, err = fmt.Fprintf(a.Stdout, "nothing to remove: at most %d runs are kept in %s\n", keep, dir.Root)
		}
		return highwater.ExitOK, err
	})
	return c
}

// count says how many there are of something.
func count(n int, of string) string { return countOf(n, of, of+"s") }

// countOf is count for what has a plural of its own.
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
