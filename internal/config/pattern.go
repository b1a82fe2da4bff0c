package config

import (
	"fmt"
	"path"
	"strings"
)

// Match reports whether a pattern of the command line or the file names a
// scenario. A pattern names a scenario, with or without its variant
// (terminal_operations/scrollback, …/scrollback@xvt), or what stands before a
// slash in its name: a suite, a package, or a folder of packages. It may be a
// glob in the syntax of [path.Match], whose * does not cross a slash, and "all"
// names all.
func Match(pattern, id string) bool {
	if pattern == "all" {
		return true
	}
	plain, _, _ := strings.Cut(id, "@")
	if matches(pattern, id) {
		return true
	}
	for i, c := range plain {
		if c == '/' && matches(pattern, plain[:i]) {
			return true
		}
	}
	return matches(pattern, plain)
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

// checkPattern reports a glob that can match nothing.
func checkPattern(pattern string) error {
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Errorf("pattern %q: %w; close the bracket or escape it with a backslash", pattern, err)
	}
	return nil
}

// inSuite reports whether the scenario with that ID belongs to a suite.
func inSuite(id, suite string) bool { return strings.HasPrefix(id, suite+"/") }
