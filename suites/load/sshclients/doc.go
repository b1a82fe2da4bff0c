// Command sshclients is the other end of the scenario multi_session: many SSH
// clients in one process, so that their memory is not the server's. The suite
// builds it from this source and starts it beside the measured process.
//
// It reads requests from its standard input, one JSON value each, and answers
// each with one on its standard output. It ends with its input. Every client has
// a terminal emulator, since what a server sends are the differences between
// screens: what a client was shown can only be read off a screen.
package main
