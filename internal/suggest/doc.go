// Package suggest finds the right name near a misspelt one, so that an error
// about an unknown flag, scenario or key can say what was probably meant.
//
// In goes a word and the names that would have been right; out comes the
// nearest of them, or nothing where none is near enough to be worth saying. It
// never corrects anything by itself.
package suggest
