package hosts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	built "github.com/highwater-dev/highwater/suites/internal/guest"
	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/guest"
)

// wasm runs plugins in github.com/tetratelabs/wazero. The runtime and what it has
// compiled are shared by all hosts of the process; each plugin is an instance of
// the compiled module with a memory of its own.
type wasm struct{}

// wasmRuntime is made with the first module.
var wasmRuntime = sync.OnceValues(func() (wazero.Runtime, error) {
	// Made for the life of the process, so for no call's context.
	ctx := context.Background()
	dir, err := built.CacheDir("wazero")
	if err != nil {
		return nil, err
	}
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return nil, fmt.Errorf("opening wazero's compilation cache: %w; remove %s", err, dir)
	}
	// Without WithCloseOnContextDone nothing could stop a plugin that spins.
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(cache).WithCloseOnContextDone(true))
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, r); err != nil {
		return nil, fmt.Errorf("adding WASI to wazero: %w", err)
	}
	_, err = r.NewHostModuleBuilder("highwater").NewFunctionBuilder().WithFunc(ask).Export("ask").Instantiate(ctx)
	if err != nil {
		return nil, fmt.Errorf("adding the host's functions to wazero: %w", err)
	}
	return r, nil
})

var modules = newShared(func(ctx context.Context, version int) (wazero.CompiledModule, error) {
	path, err := guest.Wasm(version).Path(ctx)
	if err != nil {
		return nil, err
	}
	code, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r, err := wasmRuntime()
	if err != nil {
		return nil, err
	}
	m, err := r.CompileModule(ctx, code)
	if err != nil {
		return nil, fmt.Errorf("compiling %s: %w", path, err)
	}
	return m, nil
})

// LimitsMemory is true: an instance's memory grows through the host.
func (wasm) LimitsMemory() bool { return true }

func (wasm) Load(ctx context.Context, p plugin.Plugin) (Instance, error) {
	module, err := modules.get(ctx, p.Version)
	if err != nil {
		return nil, err
	}
	r, err := wasmRuntime()
	if err != nil {
		return nil, err
	}
	if p.MemoryLimit > 0 {
		ctx = experimental.WithMemoryAllocator(ctx, limitedMemory(p.MemoryLimit))
	}
	// Without a name, so that a module can be instantiated several times. The
	// default clocks stand still.
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize").WithSysNanotime().WithSysWalltime()
	m, err := r.InstantiateModule(ctx, module, config)
	if err != nil {
		return nil, fmt.Errorf("instantiating the plugin's module: %w", err)
	}
	return &wasmInstance{module: m, buffer: m.ExportedFunction("buffer"), function: m.ExportedFunction("call"), answer: p.Answer}, nil
}

type wasmInstance struct {
	module           api.Module
	buffer, function api.Function
	stack            [2]uint64
	at               uint32 // where the module wants its arguments
	capacity         int    // of what is there, in bytes
	answer           func(context.Context, string) (string, error)
}

// Call follows what guest/wasm says of its two functions.
func (in *wasmInstance) Call(ctx context.Context, function, argument string) (string, error) {
	if in.answer != nil {
		ctx = context.WithValue(ctx, answerKey{}, in.answer)
	}
	if n := len(function) + len(argument); n > in.capacity {
		in.stack[0] = uint64(n)
		if err := in.invoke(ctx, in.buffer); err != nil {
			return "", err
		}
		in.at, in.capacity = uint32(in.stack[0]), n
	}
	memory := in.module.Memory()
	if !memory.WriteString(in.at, function) || !memory.WriteString(in.at+uint32(len(function)), argument) {
		return "", errors.New("the plugin's buffer lies outside of its memory")
	}
	in.stack[0], in.stack[1] = uint64(len(function)), uint64(len(argument))
	if err := in.invoke(ctx, in.function); err != nil {
		return "", err
	}
	result, ok := memory.Read(uint32(in.stack[0]>>32), uint32(in.stack[0]))
	if !ok {
		return "", errors.New("the plugin's result lies outside of its memory")
	}
	return string(result), nil
}

// invoke calls one of the module's functions, whose parameters and result are on
// the stack. For every call wazero starts a goroutine that watches the context;
// without a turn of its own it would stay until the next preemption, with the
// instance, and a thousand calls would leave a thousand of them.
func (in *wasmInstance) invoke(ctx context.Context, f api.Function) error {
	defer runtime.Gosched()
	return f.CallWithStack(ctx, in.stack[:])
}

func (in *wasmInstance) Close() error { return in.module.Close(context.Background()) }

type answerKey struct{}

// ask is the function that modules import. What goes wrong in it ends the module:
// wazero turns the panic into an error of the call.
func ask(ctx context.Context, m api.Module, question, length, answer, capacity uint32) uint32 {
	f, ok := ctx.Value(answerKey{}).(func(context.Context, string) (string, error))
	if !ok {
		panic(errors.New("there is no host to ask"))
	}
	text, ok := m.Memory().Read(question, length)
	if !ok {
		panic(errors.New("the question lies outside of the plugin's memory"))
	}
	reply, err := f(ctx, string(text))
	if err != nil {
		panic(err)
	}
	if uint64(len(reply)) > uint64(capacity) || !m.Memory().WriteString(answer, reply) {
		panic(fmt.Errorf("an answer of %d bytes does not fit into the plugin's buffer", len(reply)))
	}
	return uint32(len(reply))
}
