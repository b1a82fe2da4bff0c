// Package script cuts terminal output into steps: byte streams come in, from
// recordings or generators, and steps that can be fed to a terminal one by one
// go out.
//
// A cut is only ever made where it cannot matter to a terminal: outside of
// control sequences and characters, and before an ASCII character, which never
// combines with what stands before it. Programs make their writes wherever they
// like; but how an emulator mends a cut sequence says nothing about its memory,
// and some of the emulators do not mend it at all.
package script
