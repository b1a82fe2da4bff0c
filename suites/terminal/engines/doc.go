// Package engines holds the terminal emulators that highwater's own repository
// runs its terminal suite over: four pure Go libraries, each behind an adapter
// of a hundred lines that shows how to write one for another emulator.
//
// An adapter adds what a program embedding the library would have to add (a
// lock, a scrollback, a goroutine that takes the replies) and no more, so that
// what is measured is the library. Everything an adapter starts ends with its
// Close.
package engines
