package config

import (
	"slices"
	"strings"

	"github.com/highwater-dev/highwater/internal/suggest"
)

// The variables besides those of the settings that highwater itself reads.
const (
	VariableConfig = "HIGHWATER_CONFIG"    // path of the file
	VariableEnv    = "HIGHWATER_ENV"       // environment of the file
	VariableState  = "HIGHWATER_STATE_DIR" // where Run files and baselines are kept
)

// FromVariables reads the settings that stand in the environment, given as
// [os.Environ] gives it. Lists are separated by commas; an empty variable is
// the same as none. The second result names variables that look like a misspelt
// one of highwater's, each with a warning.
func FromVariables(environ []string) (Settings, []string, error) {
	var s Settings
	var ps Problems
	var warnings []string
	names := []string{VariableConfig, VariableEnv, VariableState}
	for _, d := range All() {
		names = append(names, d.Variable())
	}
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, "HIGHWATER_") || value == "" {
			continue
		}
		i := slices.IndexFunc(All(), func(d Setting) bool { return d.Variable() == name })
		if i < 0 {
			if near := suggest.Nearest(name, names); near != "" && !slices.Contains(names, name) {
				warnings = append(warnings, "the variable "+name+" means nothing to highwater; did you mean "+near+"?")
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
