// Package servers holds what highwater's own repository runs its load suite over:
// a multiplexer of terminal sessions over an emulator of the terminal suite, with
// a goroutine and a bounded queue to each session; a charm.land/wish SSH server
// with a Bubble Tea program in each session; and the script hosts of the plugin
// suite.
//
// They listen on loopback only, on a port that the system chooses, and write no
// file. Everything that they start ends with their Close.
package servers
