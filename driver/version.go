package driver

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/highwater-dev/highwater"
	"github.com/spf13/cobra"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "print the version",
		Long:    "Print the version of highwater, of the Run files that it writes and of the Go that built it.",
		Example: a.example("version", "--version"),
		Args:    arguments(0, 0, "no argument"),
		RunE: a.verb(func(*cobra.Command, []string) (int, error) {
			_, err := fmt.Fprintf(a.Stdout, "%s %s\nrun files: schema %d\nbuilt with: %s %s/%s\n",
				a.Name, a.Version, highwater.Schema, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return highwater.ExitOK, err
		}),
	}
}

// buildVersion is the version of the main module as the go command stamped it:
// a tag, a pseudo-version of the commit, or "(devel)" with the commit where
// only that is known.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	v := info.Main.Version
	if v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "(devel) " + s.Value[:12]
		}
	}
	return "(devel)"
}
