// Package textgen makes the text that the terminal suite feeds besides its
// recordings: service logs, plain, coloured, and in scripts that need wide or
// combining characters, and screens full of coloured cells. The same seed gives
// the same bytes in every run and on every machine.
package textgen
