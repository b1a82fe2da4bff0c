package config

import (
	"fmt"
	"path"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Match reports whether a pattern of the command line or the file names a
// scenario. A pattern is a suite (terminal_operations), a scenario with or
// without its variant (terminal_operations/scrollback, …/scrollback@xvt), a
// glob of these in the syntax of [path.Match], or "all".
func Match(pattern string, info highwater.ScenarioInfo) bool {
	if pattern == "all" {
		return true
	}
	id := info.ID()
	plain, _, _ := strings.Cut(id, "@")
	for _, name := range []string{info.Suite, plain, id} {
		if ok, err := path.Match(pattern, name); err == nil && ok {
			return true
		}
	}
	return false
}

// checkPattern reports a glob that can match nothing.
func checkPattern(pattern string) error {
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Errorf("pattern %q: %w; close the bracket or escape it with a backslash", pattern, err)
	}
	return nil
}

// InfoOf takes a scenario's ID apart, as far as patterns need it.
func InfoOf(id string) highwater.ScenarioInfo {
	plain, variant, _ := strings.Cut(id, "@")
	suite, name := "", plain
	if i := strings.LastIndexByte(plain, '/'); i >= 0 {
		suite, name = plain[:i], plain[i+1:]
	}
	return highwater.ScenarioInfo{Suite: suite, Name: name, Variant: variant}
}
