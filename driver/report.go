package driver

import (
	"github.com/spf13/cobra"
)

func (a *app) report() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use:   "report RUN...",
		Short: "make the report of stored runs again",
		Long: `Judge stored runs again and print their report, in any format, without measuring.
RUN is an ID of runs list, latest, a Run file, or a report in JSON, which brings along
what it was compared with. The limits are those of today's configuration, and the exit
status is that of the report.

Several runs, such as those of the jobs of a build, become one report. A scenario that
stands in two of them counts as it was measured last, or is two scenarios where the
conditions differ, such as the Go release. A run that cannot be read is an error in the
report, and the others are still in it.

A format that highwater does not have is asked of the executable highwater-FORMAT on
the path; see docs/reporters.md.`,
		Example: a.example("report latest", "report latest --format bench", "report latest --baseline before.json --output report.md",
			"report before.json after.json --format junit", "report after.json --format sarif --output after.sarif"),
		Args: arguments(1, mostRuns, "runs: IDs, latest, or files"),

		ValidArgsFunction: a.completeReference,
	}
	flags := c.Flags()
	flags.SortFlags = false
	o.output.add(flags, a.formats())
	baseline := o.addJudging(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		if len(args) == 1 {
			return a.show(cmd.Context(), o, args[0], baseline())
		}
		return a.showAll(cmd.Context(), o, args, baseline())
	})
	return c
}
