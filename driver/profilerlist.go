package driver

import (
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/attach"
	"github.com/highwater-dev/highwater/internal/procfs"
)

const procRoot = procfs.Root

func isTerminalFile(f *os.File) bool { return term.IsTerminal(f.Fd()) }

// printProcesses writes the Go processes of this machine, and how each can be seen.
func printProcesses(w io.Writer, all []attach.GoProcess) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "no Go process of this user is running on this machine but this one")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PID\tPROGRAM\tGO\tUSER\tRESIDENT\tRUNS FOR\tSEEN BY")
	for _, p := range all {
		seen := "its memory (--pid)"
		if !p.Readable {
			seen = "the operating system (--pid): " + p.Why
		}
		switch {
		case p.Endpoint != "":
			seen += ", pprof (--url " + p.Endpoint + ")"
		case p.Linked:
			seen += "; it links net/http/pprof, which answers nowhere that was found"
		}
		if p.Probe {
			seen += "; it has the probe, for the highwater that started it"
		}
		age := "-"
		if !p.Started.IsZero() {
			age = time.Since(p.Started).Round(time.Second).String()
		}
		name := p.Path
		if name == "" {
			name = p.Command
		}
		if p.Version != "" && p.Version != "(devel)" {
			name += " " + p.Version
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", p.PID, harmless(name), harmless(p.Go), harmless(p.User),
			highwater.FormatBytes(float64(p.RSS)), age, harmless(seen))
	}
	return t.Flush()
}
