// Package wire is what a host and a plugin in a process of its own say to each
// other through hashicorp/go-plugin: over gRPC, with a service written by hand so
// that no generated code is needed, and over net/rpc.
//
// Each function of the guest's contract is a gRPC method that takes and returns a
// google.protobuf.StringValue. A plugin reaches the host over a second connection
// that go-plugin's broker makes, when the host has told it to connect.
package wire

import "github.com/hashicorp/go-plugin"

// Name is the plugin's among those that a process serves.
const Name = "plugin"

// Handshake keeps a plugin from being started by hand.
func Handshake() plugin.HandshakeConfig {
	return plugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "HIGHWATER_PLUGIN", MagicCookieValue: "plugin_system"}
}

// Callee has the functions of the contract.
type Callee interface {
	Call(function, argument string) (string, error)
}
