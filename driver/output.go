package driver

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/highwater-dev/highwater/internal/store"
	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/spf13/pflag"
)

// output says where the report goes, as the flags have it.
type output struct {
	format string
	files  []string
}

func (o *output) add(flags *pflag.FlagSet, formats []string) {
	flags.StringVar(&o.format, "format", "", "`format` of the report: "+strings.Join(formats, ", "))
	flags.StringArrayVarP(&o.files, "output", "o", nil, "also write the report to `file`, in the format of its extension ("+strings.Join(report.Extensions(), " ")+"), or to a directory in all of them; repeatable")
}

// sinks are where a report goes, settled before anything is measured.
type sinks struct {
	stdout highwater.Reporter
	files  []sink
}

type sink struct {
	path     string
	reporter highwater.Reporter
}

// formats lists the names that --format takes.
func (a *app) formats() []string {
	return append(report.Names(), slices.Sorted(maps.Keys(a.Reporters))...)
}

// reporter returns the reporter of that format.
func (a *app) reporter(format string, o report.Options) (highwater.Reporter, error) {
	if r, ok := a.Reporters[format]; ok {
		return r, nil
	}
	if slices.Contains(report.Names(), format) {
		return report.ByName(format, o)
	}
	if r, ok := a.findExternal(format); ok {
		return r, nil
	}
	hint := suggest.Hint(format, a.formats())
	if hint == "" {
		hint = "; formats are " + strings.Join(a.formats(), ", ") + ", and that of any executable highwater-FORMAT on the path"
	}
	return nil, usagef("unknown format %q%s", format, hint)
}

// sinks settles formats and files, and makes sure that the files can be
// written: an hour of measuring is not to be lost to a wrong path.
func (a *app) sinks(o *options) (sinks, error) {
	var s sinks
	out := o.output
	format := out.format
	if len(out.files) > 1 && format != "" {
		return s, usagef("--format %s with %d --output files: leave --format out, and each file's extension chooses", format, len(out.files))
	}
	files, err := spread(out.files)
	if err != nil {
		return s, err
	}
	for _, path := range files {
		name := format
		if name == "" {
			var err error
			if name, err = report.FormatOf(path); err != nil {
				return s, usage(err)
			}
		}
		r, err := a.reporter(name, a.fileOptions(o))
		if err != nil {
			return s, err
		}
		if err := writable(path); err != nil {
			return s, usagef("--output %s: %w", path, err)
		}
		s.files = append(s.files, sink{path, r})
	}
	// A format that went into a file leaves the text to the terminal.
	if format == "" || len(out.files) > 0 {
		format = "text"
	}
	s.stdout, err = a.reporter(format, a.textOptions(o))
	return s, err
}

// spread names the files of which a directory stands for one of each format. A name
// that ends with a slash is a directory, which is made.
func spread(files []string) ([]string, error) {
	var all []string
	for _, path := range files {
		info, err := os.Stat(path)
		isDir := err == nil && info.IsDir()
		if !isDir && !strings.HasSuffix(path, "/") {
			all = append(all, path)
			continue
		}
		if err := os.MkdirAll(path, 0o755); err != nil {
			return nil, usagef("--output %s: %w", path, cause(err))
		}
		for _, extension := range report.Extensions() {
			all = append(all, filepath.Join(path, "report"+extension))
		}
	}
	return all, nil
}

// textOptions fit the report to where it goes: colour and the terminal's width
// on a terminal, neither into a pipe. NO_COLOR (no-color.org) takes the colour
// away.
func (a *app) textOptions(o *options) report.Options {
	width, isTerminal := terminal(a.Stdout)
	options := a.fileOptions(o)
	options.Width = width
	options.Color = isTerminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return options
}

// fileOptions are those of a report in a file.
func (a *app) fileOptions(o *options) report.Options {
	here := newPlaces()
	return report.Options{Verbose: o.verbose, Locate: here.locate, Links: links(os.Getenv)}
}

// render writes the report to all of its places. One that cannot be written
// does not keep it from the others.
func (a *app) render(s sinks, r *highwater.Report) error {
	var errs []error
	if err := s.stdout.Render(a.Stdout, r); err != nil {
		errs = append(errs, fmt.Errorf("write the report to standard output: %w", err))
	}
	for _, f := range s.files {
		var b bytes.Buffer
		err := f.reporter.Render(&b, r)
		if err == nil {
			err = store.WriteFile(f.path, b.Bytes())
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("--output %s: %w; the run is kept: `%s report %s` writes it again", f.path, err, a.Name, r.RunID))
		}
	}
	return errors.Join(errs...)
}

// writable reports why path could not be written, without changing what is
// there.
func writable(path string) error {
	if path == "" {
		return errors.New("the name is empty")
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return errors.New("is a directory; name a file in it")
	case err == nil:
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return cause(err)
		}
		if err := f.Close(); err != nil || !info.Mode().IsRegular() {
			return err // a device or a pipe: nothing is made beside it
		}
	case !errors.Is(err, fs.ErrNotExist):
		return cause(err)
	}
	// The file is written beside itself first, so its directory matters too.
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".highwater-*")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no directory %s; make it first", dir)
	}
	if err != nil {
		return cause(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// cause takes the path off an error that already names it.
func cause(err error) error {
	if p := new(fs.PathError); errors.As(err, &p) {
		return p.Err
	}
	return err
}
