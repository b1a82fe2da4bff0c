package hosts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/rpc"
	"os"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"

	"github.com/highwater-dev/highwater/suites/plugin"
	"github.com/highwater-dev/highwater/suites/plugin/guest"
	"github.com/highwater-dev/highwater/suites/plugin/guest/wire"
)

// process runs plugins as processes, with github.com/hashicorp/go-plugin.
type process struct {
	netRPC bool // over net/rpc instead of gRPC
}

// executables are the paths of the built plugins.
var executables = newShared(func(ctx context.Context, version int) (string, error) {
	return guest.Process(version).Path(ctx)
})

// silent is shared, as a host's logger is.
var silent = hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard})

// startTimeout is how long a plugin may take to say where it listens.
const startTimeout = 30 * time.Second

// LimitsMemory depends on whether the memory of another process can be read here.
func (process) LimitsMemory() bool { return watchable }

func (m process) Load(ctx context.Context, p plugin.Plugin) (Instance, error) {
	path, err := executables.get(ctx, p.Version)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	timeout := startTimeout
	if deadline, ok := ctx.Deadline(); ok {
		timeout = min(timeout, time.Until(deadline))
	}
	dir, err := socketDir()
	if err != nil {
		return nil, err
	}
	in := &processInstance{cmd: exec.Command(path), dir: dir, limit: p.MemoryLimit}
	in.cmd.Env = []string{goplugin.EnvUnixSocketDir + "=" + dir}
	config := &goplugin.ClientConfig{
		HandshakeConfig: wire.Handshake(), Cmd: in.cmd, SkipHostEnv: true,
		StartTimeout: timeout, Logger: silent,
		Plugins:          goplugin.PluginSet{wire.Name: &wire.GRPC{}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
	}
	if m.netRPC {
		in.cmd.Args = append(in.cmd.Args, "netrpc")
		config.Plugins = goplugin.PluginSet{wire.Name: &wire.NetRPC{}}
		config.AllowedProtocols = []goplugin.Protocol{goplugin.ProtocolNetRPC}
	}
	in.client = goplugin.NewClient(config)
	if err := in.connect(ctx, p); err != nil {
		return nil, errors.Join(fmt.Errorf("starting the plugin's process: %w", err), in.Close())
	}
	return in, nil
}

// socketDir makes a folder for a plugin's socket: one that is killed leaves it
// behind, and with a folder of its own it can be removed.
func socketDir() (string, error) {
	dir, err := os.MkdirTemp("", "p")
	if err != nil {
		return "", err
	}
	// The plugin would end without a word. The system with the shortest paths of
	// sockets is macOS.
	const longest, name = 103, "/plugin4294967295"
	if len(dir)+len(name) > longest {
		return "", errors.Join(fmt.Errorf("the temporary directory %s has too long a name for a socket in it: set TMPDIR to a shorter one", os.TempDir()), os.Remove(dir))
	}
	return dir, nil
}

func (in *processInstance) connect(ctx context.Context, p plugin.Plugin) error {
	protocol, err := in.client.Client()
	if err != nil {
		return err
	}
	raw, err := protocol.Dispense(wire.Name)
	if err != nil {
		return err
	}
	switch conn := raw.(type) {
	case *wire.Conn:
		in.invoke = conn.Call
		if p.Answer != nil {
			return conn.Serve(ctx, p.Answer)
		}
	case *rpc.Client:
		in.invoke = overNetRPC(conn)
		if p.Answer != nil {
			return fmt.Errorf("a plugin that asks its host: %w over net/rpc", errors.ErrUnsupported)
		}
	}
	return nil
}

type processInstance struct {
	cmd    *exec.Cmd
	client *goplugin.Client
	invoke func(ctx context.Context, function, argument string) (string, error)
	dir    string // of the sockets
	limit  int64  // of the process's resident memory, in bytes; 0 for none
}

// Call ends the process when the call fails, since it may hang.
func (in *processInstance) Call(ctx context.Context, function, argument string) (string, error) {
	done := in.watch()
	result, err := in.invoke(ctx, function, argument)
	if over := done(); over != nil {
		err = over
	}
	if err != nil {
		_ = in.cmd.Process.Kill() // it may have ended already
		return "", err
	}
	return result, nil
}

// Close waits until the process has ended.
func (in *processInstance) Close() error {
	in.client.Kill()
	return os.RemoveAll(in.dir)
}

func overNetRPC(c *rpc.Client) func(context.Context, string, string) (string, error) {
	return func(ctx context.Context, function, argument string) (string, error) {
		var result string
		call := c.Go("Plugin.Call", wire.Request{Function: function, Argument: argument}, &result, make(chan *rpc.Call, 1))
		select {
		case <-call.Done:
			return result, call.Error
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}
