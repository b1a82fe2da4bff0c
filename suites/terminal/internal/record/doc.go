//go:build linux

// Command record makes the recordings that the terminal suite replays: it runs
// vim, nvim, less, bash, htop and mc in a pseudo-terminal, types at them, and
// writes what they print as gzip-compressed asciicasts (format 2).
//
//	go run ./suites/terminal/internal/record [-out DIR] [-only NAME]
//
// It needs Linux and the Debian packages vim, neovim, less, bash, htop and mc.
// Recordings differ a little from one making to the next, by how the programs'
// writes happen to fall; so they are made once and committed, and the reference
// screens are made anew after them (go test ./suites/terminal -update).
//
// The programs get a home directory of their own with generated files, and run
// in namespaces of their own, so that no process, user, host name or path of
// the machine comes into a recording.
//
// The typing is synchronised with what is on an emulated screen, never with a
// clock: see [session.expect].
package main
