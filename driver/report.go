package driver

import (
	"github.com/spf13/cobra"
)

func (a *app) report() *cobra.Command {
	o := &options{}
	var baseline string
	c := &cobra.Command{
		Use:   "report RUN",
		Short: "make the report of a stored run again",
		Long: `Judge a stored run again and print its report, in any format, without measuring.
RUN is an ID of runs list, latest, or a Run file. The limits are those of today's
configuration, and the exit status is that of the report.`,
		Example: a.example("report latest", "report latest --format bench", "report latest --baseline before.json --output report.md"),
		Args:    arguments(1, 1, "one run: an ID, latest, or a file"),

		ValidArgsFunction: a.completeReference,
	}
	flags := c.Flags()
	flags.SortFlags = false
	o.output.add(flags, a.formats())
	flags.StringVar(&baseline, "baseline", "", "compare with this `file`, directory or name of a saved baseline")
	o.add(flags, judgeFlags)
	o.common(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		var base *string
		if cmd.Flags().Changed("baseline") {
			base = &baseline
		}
		return a.show(cmd.Context(), o, args[0], base)
	})
	return c
}
