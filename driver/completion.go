package driver

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/spf13/cobra"
)

func (a *app) completion() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "print a script that completes commands, flags and scenarios in your shell",
		Long: `Print a completion script for a shell. Load it in the running shell:

  bash:        source <(highwater completion bash)
  zsh:         source <(highwater completion zsh)
  fish:        highwater completion fish | source
  powershell:  highwater completion powershell | Out-String | Invoke-Expression

Put that line into the shell's start-up file to have it always.`,
		Example:   a.example("completion bash", "completion zsh", "completion fish", "completion powershell"),
		Args:      arguments(1, 1, "bash, zsh, fish or powershell"),
		ValidArgs: shells,
		RunE: a.verb(func(cmd *cobra.Command, args []string) (int, error) {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return highwater.ExitOK, root.GenBashCompletionV2(a.Stdout, true)
			case "zsh":
				return highwater.ExitOK, root.GenZshCompletion(a.Stdout)
			case "fish":
				return highwater.ExitOK, root.GenFishCompletion(a.Stdout, true)
			case "powershell":
				return highwater.ExitOK, root.GenPowerShellCompletionWithDesc(a.Stdout)
			}
			return 0, usagef("completion: unknown shell %q%s", args[0], suggest.Hint(args[0], shells))
		}),
	}
}
