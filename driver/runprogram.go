package driver

import "context"

// runProgram measures a main package of the user's.
func (a *app) runProgram(_ context.Context, _ *runOptions, pkg string, _ []string) (int, error) {
	return 0, usagef("run %s: programs cannot be built with the probe yet; to measure it from outside: %s run -- go run %s", pkg, a.Name, pkg)
}
