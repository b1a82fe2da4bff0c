package hosts

import (
	"context"
	"errors"
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/guest"
)

// starlarkScript runs plugins in go.starlark.net, each with globals and a state
// of its own. What is compiled is shared.
type starlarkScript struct{}

var files = newShared(func(_ context.Context, version int) (*starlark.Program, error) {
	predeclared := func(name string) bool { return name == "state" || name == "ask_host" }
	_, program, err := starlark.SourceProgramOptions(&syntax.FileOptions{},
		fmt.Sprintf("plugin-v%d.star", version), guest.Starlark(version), predeclared)
	return program, err
})

// LimitsMemory is false: the interpreter does not count what a script holds.
func (starlarkScript) LimitsMemory() bool { return false }

func (starlarkScript) Load(ctx context.Context, p plugin.Plugin) (Instance, error) {
	program, err := files.get(ctx, p.Version)
	if err != nil {
		return nil, err
	}
	in := &starlarkInstance{thread: &starlark.Thread{Name: p.ID}}
	predeclared := starlark.StringDict{"state": starlark.NewDict(4)}
	if p.Answer != nil {
		predeclared["ask_host"] = starlark.NewBuiltin("ask_host", in.ask(p.Answer))
	}
	err = in.within(ctx, func() (err error) {
		in.functions, err = program.Init(in.thread, predeclared)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("running the plugin's script: %w", err)
	}
	return in, nil
}

type starlarkInstance struct {
	thread    *starlark.Thread
	functions starlark.StringDict
	ctx       context.Context // of what is under way, for ask
}

func (in *starlarkInstance) ask(answer func(context.Context, string) (string, error)) func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
	return func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var question string
		if err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 1, &question); err != nil {
			return nil, err
		}
		text, err := answer(in.ctx, question)
		return starlark.String(text), err
	}
}

func (in *starlarkInstance) Call(ctx context.Context, function, argument string) (string, error) {
	f := in.functions[function]
	if f == nil {
		return "", fmt.Errorf("the plugin has no function %s", function)
	}
	var result starlark.Value
	err := in.within(ctx, func() (err error) {
		result, err = starlark.Call(in.thread, f, starlark.Tuple{starlark.String(argument)}, nil)
		return err
	})
	if err != nil {
		return "", err
	}
	text, ok := starlark.AsString(result)
	if !ok {
		return "", fmt.Errorf("%s returned a %s, want a string", function, result.Type())
	}
	return text, nil
}

// within lets the script run until ctx ends. A thread that was cancelled, or may
// still be, is not used again.
func (in *starlarkInstance) within(ctx context.Context, run func() error) error {
	in.ctx = ctx
	stop := context.AfterFunc(ctx, func() { in.thread.Cancel(ctx.Err().Error()) })
	err := run()
	if !stop() {
		return errors.Join(ctx.Err(), err)
	}
	return err
}

// Close has nothing to do: a script is memory, and goes with its last reference.
func (in *starlarkInstance) Close() error { return nil }
