// Package ansi knows where terminal output can be cut, and what of it is text.
//
// A cut is only ever made where it cannot matter to a terminal: outside of
// control sequences and characters. Programs make their writes wherever they
// like; but how an emulator mends a cut sequence says nothing about its memory,
// and some of the emulators do not mend it at all.
package ansi
