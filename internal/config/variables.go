package config

import (
	"slices"
	"strings"

	"github.com/highwater-dev/highwater/internal/suggest"
)

const prefix = "HIGHWATER_"

// The variables besides those of the settings that highwater itself reads.
const (
	VariableConfig = prefix + "CONFIG"    // path of the file
	VariableEnv    = prefix + "ENV"       // environment of the file
	VariableState  = prefix + "STATE_DIR" // where Run files and baselines are kept
	VariableCache  = prefix + "CACHE_DIR" // where revisions are checked out
)

// FromVariables reads the settings that stand in the environment, given as
// [os.Environ] gives it. Lists are separated by commas; an empty variable is
// the same as none. The second result names variables that look like a misspelt
// one of highwater's, each with a warning.
func FromVariables(environ []string) (Settings, []string, error) {
	var s Settings
	var ps Problems
	var warnings []string
	var words []string // what follows the prefix: with it every name is near every other
	for _, known := range []string{VariableConfig, VariableEnv, VariableState, VariableCache} {
		words = append(words, strings.TrimPrefix(known, prefix))
	}
	for _, d := range All() {
		words = append(words, strings.TrimPrefix(d.Variable(), prefix))
	}
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		word, ours := strings.CutPrefix(name, prefix)
		if !ours || value == "" {
			continue
		}
		i := slices.IndexFunc(All(), func(d Setting) bool { return d.Variable() == name })
		if i < 0 {
			if near := suggest.Nearest(word, words); near != "" && near != word {
				warnings = append(warnings, "the variable "+name+" means nothing to highwater; did you mean "+prefix+near+"?")
			}
			continue
		}
		d, values := All()[i], []string{value}
		if d.List() {
			values = strings.Split(value, ",")
		}
		if err := d.Set(&s, values...); err != nil {
			ps.add(name, 0, "%v", err)
		}
	}
	return s, warnings, ps.err()
}
