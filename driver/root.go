package driver

import (
	"github.com/spf13/cobra"
)

// root is the whole tree of commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   a.Name,
		Short: "test, gate and explain the memory of Go programs",
		Long: `highwater measures what scenarios hold, allocate and leave behind, in fresh
processes, and holds it to budgets and to a baseline.

Exit status: 0 passed; 1 a limit is broken or memory has regressed; 2 something
could not be measured or judged; 3 wrong usage or configuration.`,
		Example:       a.example("gates", "gates --list", "baseline list"),
		Version:       a.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return subcommand(cmd, args)
		},
	}
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	// highwater's own completion command has examples and the exit statuses.
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(a.gates(), a.stability(), a.profiler(), a.debug(), a.init(), a.run(), a.baseline(), a.compare(), a.report(), a.page(), a.comment(), a.runs(), a.history(), a.noise(), a.trend(), a.bisect(), a.burn(), a.completion(), a.version())
	root.SetHelpCommand(a.help())
	root.InitDefaultHelpCmd()
	root.InitDefaultVersionFlag()
	return root
}

// help is cobra's, but that an unknown topic is an error.
func (a *app) help() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "print the help of a command",
		Long:    "Print the help of a command, as --help does.",
		Example: a.example("help gates", "help baseline save"),
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return subcommand(c, args[len(args)-max(len(rest), 1):])
			}
			c.InitDefaultHelpFlag()
			return c.Help()
		},
	}
}

// group is a command that only holds others.
func group(use, short, long, example string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Long: long, Example: example, Args: cobra.ArbitraryArgs, RunE: subcommand}
	c.AddCommand(commands...)
	return c
}

// example renders command lines for the help. A test runs each of them.
func (a *app) example(lines ...string) string {
	text := ""
	for i, l := range lines {
		if i > 0 {
			text += "\n"
		}
		text += "  " + a.Name + " " + l
	}
	return text
}
