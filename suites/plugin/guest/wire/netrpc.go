package wire

import (
	"errors"
	"net/rpc"

	"github.com/hashicorp/go-plugin"
)

var errNoHost = errors.New("there is no host to ask")

// NetRPC is the plugin on both sides, over net/rpc.
type NetRPC struct {
	New func(ask func(question string) (string, error)) Callee
}

// Request is a call over net/rpc.
type Request struct{ Function, Argument string }

// Server is called in the plugin's process.
func (n *NetRPC) Server(*plugin.MuxBroker) (any, error) {
	ask := func(string) (string, error) { return "", errNoHost }
	return &netRPCServer{n.New(ask)}, nil
}

// Client is called in the host's process, and returns an *rpc.Client with one
// method, Plugin.Call, from a [Request] to a string.
func (n *NetRPC) Client(_ *plugin.MuxBroker, c *rpc.Client) (any, error) { return c, nil }

type netRPCServer struct{ callee Callee }

// Call is exported for net/rpc.
func (s *netRPCServer) Call(r Request, result *string) (err error) {
	*result, err = s.callee.Call(r.Function, r.Argument)
	return err
}
