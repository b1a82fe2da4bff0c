// Package soak is a suite of three memory scenarios that are meant to run for
// hours, soak: a terminal emulator under real programs, live. It measures any
// emulator that can be put behind the small interface of suites/terminal:
//
//	for _, s := range soak.Suite(soak.Over(mine)).Scenarios {
//		…
//	}
//
// What goes in is keystrokes into a pseudo-terminal with vim, bash or sh in it;
// what comes out of it is written into the emulator. The emulator's memory is the
// host's and is judged; the program's is its own.
//
// # Operations
//
// An operation is a round: all that a user does in such a session once, from
// opening a file to resizing the window. Every few rounds the program is left and
// started again. Sessions are served in turn.
//
// # Synchronisation
//
// After each step the program is made to print a word of its own, and the next
// step waits until the emulated screen shows it: vim echoes SYNC and the number of
// the step, the prompt of bash has it, and sh sums up what it has logged. Nothing
// waits for quiet.
//
// # Honesty
//
// Screens, files that were saved, sizes that the program sees and numbers of lines
// are compared with what they must be. What does not come within [Engine.Patience],
// a program that ends or is stopped, and a screen that is wrong are failures, with
// the screen in the error. A program that is missing is an error which names the
// package to install; it is never skipped.
//
// Nothing is left when a scenario is over, however it ends: no process of the
// program's session, no descriptor, no goroutine, no file.
package soak
