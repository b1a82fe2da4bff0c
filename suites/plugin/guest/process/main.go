// Command process is a plugin in a process of its own, served by
// hashicorp/go-plugin: over gRPC, or over net/rpc with the argument netrpc.
package main

import (
	"io"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"github.com/highwater-dev/highwater/suites/plugin/guest/behaviour"
	"github.com/highwater-dev/highwater/suites/plugin/guest/wire"
)

func main() {
	config := &plugin.ServeConfig{
		HandshakeConfig: wire.Handshake(),
		Logger:          hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard}),
	}
	create := func(ask func(string) (string, error)) wire.Callee { return &behaviour.Plugin{Ask: ask} }
	if len(os.Args) > 1 && os.Args[1] == "netrpc" {
		config.Plugins = plugin.PluginSet{wire.Name: &wire.NetRPC{New: create}}
	} else {
		config.Plugins = plugin.PluginSet{wire.Name: &wire.GRPC{New: create}}
		config.GRPCServer = plugin.DefaultGRPCServer
	}
	plugin.Serve(config)
}
