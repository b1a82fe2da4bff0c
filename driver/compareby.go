package driver

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/platforms"
	"github.com/highwater-dev/highwater/internal/store"
)

// byKeys lists for the help what runs can be told apart by.
func byKeys() string {
	var b strings.Builder
	line := 0
	for i, k := range platforms.Keys() {
		word := k.Name
		if i > 0 {
			b.WriteString(",")
			if line+len(word) > 76 {
				b.WriteString("\n")
				line = 0
			} else {
				b.WriteString(" ")
			}
		}
		b.WriteString(word)
		line += len(word) + 2
	}
	return b.String()
}

// compareBy sets runs of several platforms side by side.
func (a *app) compareBy(ctx context.Context, o *options, by string, refs []string) (int, error) {
	keys, err := platforms.ParseBy(by)
	if err != nil {
		return 0, usagef("--by %s: %w", by, err)
	}
	h, err := a.resolve(o)
	if err != nil {
		return 0, err
	}
	places, err := a.sheetSinks(o, "runs side by side")
	if err != nil {
		return 0, err
	}
	var sources []platforms.Source
	for _, ref := range refs {
		found, err := a.lookup(ctx, ref)
		if err != nil {
			return 0, err
		}
		if isSoak(found.run) || len(snapshotsOf(found.run)) > 0 || traceOf(found.run) != nil {
			return 0, usagef("%s holds no measurements of gates: runs of those are set side by side", ref)
		}
		if err := store.Measured(found.file, found.run); err != nil {
			return 0, err
		}
		sources = append(sources, platforms.Source{Name: ref, Run: found.run})
	}
	sheet, err := platforms.Analyse(sources, platforms.Options{By: keys, Thresholds: h.rules.Thresholds(), All: o.verbose})
	if err != nil {
		return 0, usagef("compare --by %s: %w", by, err)
	}
	render := func(w io.Writer, format string) error {
		switch format {
		case "json":
			return sheet.JSON(w)
		case "markdown":
			return sheet.Markdown(w)
		default:
			return sheet.Text(w)
		}
	}
	if err := places.each(a.Stdout, render); err != nil {
		return 0, err
	}
	if sheet.Incomplete && !isTrue(h.AllowMissing) {
		return highwater.ExitError, nil
	}
	return highwater.ExitOK, nil
}

// each renders to all places.
func (s noiseSinks) each(stdout io.Writer, render func(io.Writer, string) error) error {
	if err := render(stdout, s.stdout); err != nil {
		return fmt.Errorf("write to standard output: %w", err)
	}
	for _, f := range s.files {
		var b bytes.Buffer
		err := render(&b, f.format)
		if err == nil {
			err = store.WriteFile(f.path, b.Bytes())
		}
		if err != nil {
			return fmt.Errorf("--output %s: %w", f.path, err)
		}
	}
	return nil
}
