package probe

import (
	"embed"
	"io/fs"
	"strings"
)

// files are the sources of this package, to be added to programs that know
// nothing of highwater. Only the package itself can embed them.
//
//go:embed *.go
var files embed.FS

// Source is the source of this package by file name, but for its tests and this
// file, which a program with the probe in it has no use for.
func Source() (map[string][]byte, error) {
	names, err := fs.Glob(files, "*.go")
	if err != nil {
		return nil, err
	}
	sources := map[string][]byte{}
	for _, name := range names {
		if name == "source.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if sources[name], err = files.ReadFile(name); err != nil {
			return nil, err
		}
	}
	return sources, nil
}
