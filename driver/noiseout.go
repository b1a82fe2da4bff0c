package driver

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater/internal/noise"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/suggest"
)

// noiseFormats are those that noise can be had in: it is no report of verdicts.
var noiseFormats = []string{"text", "json", "markdown"}

// noiseSinks are where the noise goes, settled before anything is measured.
type noiseSinks struct {
	stdout string // format
	files  []struct{ path, format string }
}

func (a *app) noiseSinks(o *options) (noiseSinks, error) { return a.sheetSinks(o, "noise") }

// sheetSinks are those of what, which can be had in the formats of noise.
func (a *app) sheetSinks(o *options, what string) (noiseSinks, error) {
	out := o.output
	s := noiseSinks{stdout: out.format}
	if len(out.files) > 1 && out.format != "" {
		return s, usagef("--format %s with %d --output files: leave --format out, and each file's extension chooses", out.format, len(out.files))
	}
	known := func(format string) error {
		if slices.Contains(noiseFormats, format) {
			return nil
		}
		hint := suggest.Hint(format, noiseFormats)
		if hint == "" {
			hint = "; " + what + " can be had as " + strings.Join(noiseFormats, ", ")
		}
		return usagef("unknown format %q%s", format, hint)
	}
	for _, path := range out.files {
		format := out.format
		if format == "" {
			var err error
			if format, err = report.FormatOf(path); err != nil {
				return s, usage(err)
			}
		}
		if err := known(format); err != nil {
			return s, err
		}
		if err := writable(path); err != nil {
			return s, usagef("--output %s: %w", path, err)
		}
		s.files = append(s.files, struct{ path, format string }{path, format})
	}
	if s.stdout == "" || len(s.files) > 0 {
		s.stdout = "text"
	}
	return s, known(s.stdout)
}

// write renders the sheet to all of its places.
func (s noiseSinks) write(a *app, sheet noise.Sheet, verbose bool) error {
	if err := renderNoise(a.Stdout, sheet, s.stdout, verbose); err != nil {
		return fmt.Errorf("write to standard output: %w", err)
	}
	for _, f := range s.files {
		var b bytes.Buffer
		err := renderNoise(&b, sheet, f.format, verbose)
		if err == nil {
			err = store.WriteFile(f.path, b.Bytes())
		}
		if err != nil {
			return fmt.Errorf("--output %s: %w; the run is kept: `%s noise --run %s` analyses it again", f.path, err, a.Name, sheet.Run)
		}
	}
	return nil
}

func renderNoise(w io.Writer, sheet noise.Sheet, format string, verbose bool) error {
	switch format {
	case "json":
		return sheet.JSON(w)
	case "markdown":
		return sheet.Markdown(w, verbose)
	default:
		return sheet.Text(w, verbose)
	}
}
