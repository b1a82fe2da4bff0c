// Package tui is the live dashboard of highwater profiler: what a process's memory,
// goroutines and collector are doing, in a terminal.
//
// A [Target] is looked at again and again, away from the loop that reads keys: a look
// that takes long, or never comes back, leaves the keys alone. Each look goes into a
// history of package live; what is drawn is a frozen view of it. [Run] takes the
// terminal, and gives it back as it was, however it ends.
//
// Drawing is a pure function of the model: sizes, keys, views and the time come in as
// messages and options, and a frame comes out, no larger than the terminal. Names from
// the target are untrusted and are made safe in one place (clean.go). All text is cut
// and padded to a known width when it is written, so that nothing has to be measured
// again: measuring is what terminal programs spend their time with.
//
// Bubble Tea has the terminal's modes and its keys; what changes in a frame is written by
// screen.go, which knows that lines stay where they are.
//
// The package asks no process itself, keeps no file and judges nothing.
package tui
