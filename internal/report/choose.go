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

	// Locate finds the lines of the repository that findings are about; nil goes by the
	// paths of packages in the run's module.
	Locate Locate
	// Links makes the address of a line of the repository at a commit; nil makes no
	// links.
	Links Links
}

// format is one entry of the list of formats.
type format struct {
	name, extension string
	make            func(Options) highwater.Reporter
}

var formats = []format{
	{"text", ".txt", func(o Options) highwater.Reporter { return Text{Width: o.Width, Color: o.Color, Verbose: o.Verbose} }},
	{"json", ".json", func(Options) highwater.Reporter { return JSON{} }},
	{"markdown", ".md", func(Options) highwater.Reporter { return Markdown{} }},
	{"html", ".html", func(Options) highwater.Reporter { return HTML{} }},
	{"bench", ".bench", func(Options) highwater.Reporter { return Bench{} }},
	{"junit", ".xml", func(o Options) highwater.Reporter { return JUnit{Locate: o.Locate} }},
	{"sarif", ".sarif", func(o Options) highwater.Reporter { return SARIF{Locate: o.Locate} }},
	// These are for one service or one place, and no file is of them by its name.
	{"comment", "", func(o Options) highwater.Reporter { return Comment{Locate: o.Locate, Links: o.Links} }},
	{"github", "", func(o Options) highwater.Reporter { return Annotations{Locate: o.Locate} }},
}

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
		if f.extension != "" {
			all = append(all, f.extension)
		}
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
	return nil, fmt.Errorf("unknown format %q; there are %s", name, strings.Join(Names(), ", "))
}

// FormatOf returns the name of the format that a file's extension asks for.
func FormatOf(path string) (string, error) {
	extension := strings.ToLower(filepath.Ext(path))
	for _, f := range formats {
		if f.extension != "" && f.extension == extension {
			return f.name, nil
		}
	}
	extensions := slices.Sorted(slices.Values(Extensions()))
	names := strings.Join(extensions, ", ")
	return "", fmt.Errorf("%s: no format has the extension %q; there are %s, and --format names one for any file", path, extension, names)
}

// ForFile returns the renderer that a file's extension asks for. A file is no
// terminal: of the options only Verbose holds.
func ForFile(path string, o Options) (highwater.Reporter, error) {
	name, err := FormatOf(path)
	if err != nil {
		return nil, err
	}
	o.Width, o.Color = 0, false
	return ByName(name, o)
}
