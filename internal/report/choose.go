package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Options are what the command line has to say on how reports look. Formats take
// what concerns them.
type Options struct {
	Width   int // of the terminal, 0 for a pipe or a file
	Color   bool
	Verbose bool
}

// format is one entry of the list of formats.
type format struct {
	name, extension string
	make            func(Options) highwater.Reporter
}

var formats = []format{
	{"text", ".txt", func(o Options) highwater.Reporter { return Text(o) }},
	{"json", ".json", func(Options) highwater.Reporter { return JSON{} }},
	{"markdown", ".md", func(Options) highwater.Reporter { return Markdown{} }},
	{"html", ".html", func(Options) highwater.Reporter { return HTML{} }},
	{"bench", ".bench", func(Options) highwater.Reporter { return Bench{} }},
}

// later are formats that there will be.
var later = []struct{ name, extension string }{{"junit", ".xml"}, {"sarif", ".sarif"}}

// Names lists the formats.
func Names() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Extensions lists the extensions of files that the formats have.
func Extensions() []string {
	var all []string
	for _, f := range formats {
		all = append(all, f.extension)
	}
	return all
}

// ByName returns the renderer of a format.
func ByName(name string, o Options) (highwater.Reporter, error) {
	for _, f := range formats {
		if f.name == name {
			return f.make(o), nil
		}
	}
	for _, f := range later {
		if f.name == name {
			return nil, fmt.Errorf("format %s is not available yet; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	return nil, fmt.Errorf("unknown format %q; there are %s", name, strings.Join(Names(), ", "))
}

// FormatOf returns the name of the format that a file's extension asks for.
func FormatOf(path string) (string, error) {
	extension := strings.ToLower(filepath.Ext(path))
	var extensions []string
	for _, f := range formats {
		extensions = append(extensions, f.extension)
		if f.extension == extension {
			return f.name, nil
		}
	}
	slices.Sort(extensions)
	names := strings.Join(extensions, ", ")
	for _, f := range later {
		if f.extension == extension {
			return "", fmt.Errorf("%s: format %s is not available yet; there are %s", path, f.name, names)
		}
	}
	return "", fmt.Errorf("%s: no format has the extension %q; there are %s, and --format names one for any file", path, extension, names)
}

// ForFile returns the renderer that a file's extension asks for. A file is no
// terminal: of the options only Verbose holds.
func ForFile(path string, o Options) (highwater.Reporter, error) {
	name, err := FormatOf(path)
	if err != nil {
		return nil, err
	}
	return ByName(name, Options{Verbose: o.Verbose})
}
