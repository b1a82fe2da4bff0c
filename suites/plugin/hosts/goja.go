package hosts

import (
	"context"
	"errors"
	"fmt"

	"github.com/dop251/goja"

	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/guest"
)

// javaScript runs plugins in github.com/dop251/goja, each in a runtime of its own.
// What is compiled is shared.
type javaScript struct{}

var programs = newShared(func(_ context.Context, version int) (*goja.Program, error) {
	return goja.Compile(fmt.Sprintf("plugin-v%d.js", version), guest.JavaScript(version), true)
})

// LimitsMemory is false: the interpreter does not count what a script holds.
func (javaScript) LimitsMemory() bool { return false }

func (javaScript) Load(ctx context.Context, p plugin.Plugin) (Instance, error) {
	program, err := programs.get(ctx, p.Version)
	if err != nil {
		return nil, err
	}
	in := &javaScriptInstance{vm: goja.New(), functions: map[string]goja.Callable{}}
	// Without a limit a recursion without end takes all memory.
	in.vm.SetMaxCallStackSize(1000)
	if p.Answer != nil {
		err = in.vm.Set("askHost", func(question string) (string, error) { return p.Answer(in.ctx, question) })
	}
	if err == nil {
		_, err = in.within(ctx, func() (goja.Value, error) { return in.vm.RunProgram(program) })
	}
	if err != nil {
		return nil, fmt.Errorf("running the plugin's script: %w", err)
	}
	return in, nil
}

type javaScriptInstance struct {
	vm        *goja.Runtime
	functions map[string]goja.Callable // those called so far
	ctx       context.Context          // of what is under way, for ask
}

func (in *javaScriptInstance) Call(ctx context.Context, function, argument string) (string, error) {
	f := in.functions[function]
	if f == nil {
		var ok bool
		if f, ok = goja.AssertFunction(in.vm.Get(function)); !ok {
			return "", fmt.Errorf("the plugin has no function %s", function)
		}
		in.functions[function] = f
	}
	result, err := in.within(ctx, func() (goja.Value, error) { return f(goja.Undefined(), in.vm.ToValue(argument)) })
	if err != nil {
		return "", err
	}
	return result.String(), nil
}

// within lets the script run until ctx ends. A runtime that was interrupted, or
// may still be, is not used again.
func (in *javaScriptInstance) within(ctx context.Context, run func() (goja.Value, error)) (goja.Value, error) {
	in.ctx = ctx
	stop := context.AfterFunc(ctx, func() { in.vm.Interrupt(ctx.Err()) })
	result, err := run()
	if !stop() {
		return nil, errors.Join(ctx.Err(), err)
	}
	return result, err
}

// Close has nothing to do: a runtime is memory, and goes with its last reference.
func (in *javaScriptInstance) Close() error { return nil }
