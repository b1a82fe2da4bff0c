package driver

import (
	"context"
	"debug/buildinfo"
	"os/exec"
	"path/filepath"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/target"
)

// commandSuite is the suite of all commands: command/make is a scenario.
const commandSuite = "command"

// comparedRepeats is how many processes a command is given to begin with where it
// is compared with a baseline. Where it is not, it runs once, as the user would
// expect of a command that may do something.
const comparedRepeats = 3

// without are the metrics that only a probe can tell.
var without = map[highwater.Pass]string{
	highwater.PassExact:     "a command has no probe in it: it is measured from outside",
	highwater.PassCollector: "a command has no probe in it: it is measured from outside",
}

// runCommand measures a command and the tree of processes that it starts.
func (a *app) runCommand(ctx context.Context, o *runOptions, h held, base *stored, argv []string) (*highwater.Report, error) {
	t, err := o.command(argv)
	if err != nil {
		return nil, err
	}
	if h.Repeats == nil {
		h.Repeats = new(1)
		if base != nil {
			h.Repeats = new(comparedRepeats)
		}
	}
	s, err := a.begin(ctx, h, []target.Target{t}, built{}, base)
	if err != nil {
		return nil, err
	}
	s.policy.Selected = func(id string) bool { return id == t.Info.ID() }
	ofProgram(&s.run.Environment, t.Path)
	if !o.quiet {
		s.options.Output = a.Stderr
	}
	return s.measure(ctx, o.quiet, o.verbose)
}

// command is the target that runs argv.
func (o *runOptions) command(argv []string) (target.Target, error) {
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return target.Target{}, usagef("run: %w", err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return target.Target{}, err
	}
	return target.Target{
		Info: highwater.ScenarioInfo{
			Suite: commandSuite, Name: o.scenarioName(argv[0]), Doc: "a command and all processes that it starts, seen from outside",
			Sessions: 1, Ops: 1, NoBudget: true, Omit: without, Outside: true,
		},
		Path: path, Args: argv[1:], Command: true, Drive: &o.drive,
	}, nil
}

// ofProgram makes the environment that of an executable. Of one of another language
// than Go the version is "": it is no condition of a comparison then.
func ofProgram(e *highwater.Environment, path string) {
	e.Go = ""
	if info, err := buildinfo.ReadFile(path); err == nil {
		builtWith(e, info)
	}
}
