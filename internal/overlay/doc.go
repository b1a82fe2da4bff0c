// Package overlay adds highwater's probe to packages that know nothing of it,
// through the go command's -overlay flag: nothing is written into their tree.
//
// In go packages with the names of their benchmarks; out comes a file for
// -overlay that adds the probe's source, as a package internal to their module,
// and to each package a test file with a benchmark that calls the others, and
// tells the probe of it. The package builds and runs nothing.
package overlay
