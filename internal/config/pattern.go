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
// glob in the syntax of [path.Match], whose * does not cross a slash; ... stands for
// any text, slashes included, as in patterns of the go command; and "all" names all.
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

// dots stand for any text.
const dots = "..."

func matches(pattern, name string) bool {
	if !strings.Contains(pattern, dots) {
		return glob(pattern, name)
	}
	// As for the go command, what is below a folder includes the folder itself. In
	// the middle of a pattern it is the same: m/.../BenchmarkPut is in package m, too.
	if i := strings.Index(pattern, "/"+dots+"/"); i >= 0 && matches(pattern[:i]+pattern[i+1+len(dots):], name) {
		return true
	}
	if folder, ok := strings.CutSuffix(pattern, "/"+dots); ok && matches(folder, name) {
		return true
	}
	parts := strings.Split(pattern, dots)
	first, middle, last := parts[0], parts[1:len(parts)-1], parts[len(parts)-1]
	// The earliest place at which a part ends leaves the most to those behind it.
	rest, ok := after(first, name)
	for _, part := range middle {
		if !ok {
			return false
		}
		rest, ok = within(part, rest)
	}
	for i := 0; ok && i <= len(rest); i++ {
		if glob(last, rest[i:]) {
			return true
		}
	}
	return false
}

// after returns what follows the shortest beginning of a name that a glob matches.
func after(pattern, name string) (rest string, ok bool) {
	for i := 0; i <= len(name); i++ {
		if glob(pattern, name[:i]) {
			return name[i:], true
		}
	}
	return "", false
}

// within is after for a glob that may begin anywhere.
func within(pattern, name string) (rest string, ok bool) {
	for end := 0; end <= len(name); end++ {
		for begin := 0; begin <= end; begin++ {
			if glob(pattern, name[begin:end]) {
				return name[end:], true
			}
		}
	}
	return "", false
}

func glob(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

// meta is where in a pattern something else begins than the text itself.
func meta(pattern string) int {
	end := strings.IndexAny(pattern, `*?[\`)
	if end < 0 {
		end = len(pattern)
	}
	if i := strings.Index(pattern[:end], dots); i >= 0 {
		return i
	}
	return end
}

// checkPattern reports a glob that can match nothing.
func checkPattern(pattern string) error {
	for part := range strings.SplitSeq(pattern, dots) {
		if _, err := path.Match(part, ""); err != nil {
			return fmt.Errorf("pattern %q: %w; close the bracket or escape it with a backslash", pattern, err)
		}
	}
	return nil
}

// local reports whether a pattern is meant from the folder of the file: ./cache/....
func local(pattern string) bool {
	return pattern == "." || pattern == ".." || strings.HasPrefix(pattern, "./") || strings.HasPrefix(pattern, "../")
}

// absolute is a pattern as seen from the folder with that import path, in a module.
func absolute(pattern, module, folder string) (string, error) {
	below := path.Join(strings.TrimPrefix(strings.TrimPrefix(folder, module), "/"), pattern)
	if below == ".." || strings.HasPrefix(below, "../") {
		return "", fmt.Errorf("it leads out of the module %s", module)
	}
	return path.Join(module, below), nil
}

// inSuite reports whether the scenario with that ID belongs to a suite.
func inSuite(id, suite string) bool { return strings.HasPrefix(id, suite+"/") }
