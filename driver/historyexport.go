package driver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/spf13/cobra"
)

func (a *app) historyExport() *cobra.Command {
	o := &options{}
	var q historyQuery
	var output, format string
	c := &cobra.Command{
		Use:   "export",
		Short: "write the history as JSON lines or in the Go benchmark format",
		Long: `Write results as JSON lines (jsonl), which another store can import as they are, or
in the Go benchmark format (bench), which benchstat reads: a line for each sample.`,
		Example: a.example("history export --output history.jsonl", "history export --metric peak --last 10 --output history.bench"),
		Args:    arguments(0, 0, "no argument"),
	}
	c.Flags().StringVarP(&output, "output", "o", "", "write to this `file`, in the format of its extension (.jsonl .bench), and not to standard output")
	c.Flags().StringVar(&format, "format", "", "`format`: jsonl or bench")
	q.add(c.Flags(), true, 0)
	o.add(c.Flags(), storeFlags)
	o.common(c.Flags())
	c.RunE = a.verb(func(cmd *cobra.Command, _ []string) (int, error) {
		f := history.Format(format)
		switch {
		case format == "" && filepath.Ext(output) == ".bench":
			f = history.FormatBench
		case format == "":
			f = history.FormatJSON
		case f != history.FormatJSON && f != history.FormatBench:
			return 0, usagef("--format %s: want %s or %s", format, history.FormatJSON, history.FormatBench)
		}
		query, err := q.query(time.Now())
		if err != nil {
			return 0, err
		}
		return a.opened(cmd.Context(), o, false, func(_ held, s *history.Store) (int, error) {
			if output == "" {
				return highwater.ExitOK, s.Export(cmd.Context(), a.Stdout, query, f)
			}
			return highwater.ExitOK, exportTo(cmd.Context(), s, output, query, f)
		})
	})
	return c
}

// exportTo writes a file that is there as a whole or not at all. It can be larger than
// what is to be in memory at once.
func exportTo(ctx context.Context, s *history.Store, path string, q history.Query, f history.Format) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".tmp")
	if err != nil {
		return fmt.Errorf("--output %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	err = s.Export(ctx, temp, q, f)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

func (a *app) historyImport() *cobra.Command {
	o := &options{}
	var at string
	c := &cobra.Command{
		Use:   "import FILE...",
		Short: "add what another store has exported, or results of go test",
		Long: `Add what history export wrote, in either format, or any file in the Go benchmark
format: of those the values in B/op, allocs/op and highwater's own units. FILE is - for
standard input. Of a file with something wrong in it nothing is added; what is there
already stays as it is.`,
		Example: a.example("history import history.jsonl", "history import history.bench --at 2026-01-31"),
		Args:    arguments(1, mostRuns, "files, or - for standard input"),
	}
	c.Flags().StringVar(&at, "at", "", "when results were made of which the file does not say: a `time` such as 2026-01-31 or 3d; when the file was changed if unset")
	o.add(c.Flags(), storeFlags)
	o.common(c.Flags())
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		var when time.Time
		if at != "" {
			var err error
			if when, err = moment(at, time.Now().UTC()); err != nil {
				return 0, usagef("--at: %w", err)
			}
		}
		return a.opened(cmd.Context(), o, true, func(_ held, s *history.Store) (int, error) {
			exit := highwater.ExitOK
			for _, path := range args {
				done, err := a.importFrom(cmd.Context(), s, path, when)
				if err != nil {
					a.complain(fmt.Errorf("%s: %w", path, err))
					exit = highwater.ExitError
					continue
				}
				fmt.Fprintf(a.Stdout, "%s: %s in %s\n", path, count(done.Results, "new result"), count(done.Runs, "run"))
				if done.Ignored > 0 && !o.quiet {
					a.warn("%s: %s in other units ignored", path, count(done.Ignored, "value"))
				}
			}
			return exit, nil
		})
	})
	return c
}

func (a *app) importFrom(ctx context.Context, s *history.Store, path string, at time.Time) (history.Imported, error) {
	var from io.Reader = a.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return history.Imported{}, errors.New(strings.TrimPrefix(err.Error(), "open "+path+": "))
		}
		defer func() { _ = f.Close() }()
		info, err := f.Stat()
		if err != nil {
			return history.Imported{}, err
		}
		if from = f; at.IsZero() {
			at = info.ModTime()
		}
	}
	if at.IsZero() {
		at = time.Now()
	}
	return s.Import(ctx, from, at)
}
