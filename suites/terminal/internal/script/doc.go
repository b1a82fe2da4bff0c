// Package script cuts terminal output into steps: byte streams come in, from
// recordings or generators, and steps that can be fed to a terminal one by one
// go out. Where a cut is made is package ansi's to say.
package script
