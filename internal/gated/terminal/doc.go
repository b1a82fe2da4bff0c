// Package terminal has no code: its test, built with the tag gated, is the suite of
// terminal operations over the default engine, as a test. A revision of this repository
// is compared with another one by it, which the suites inside the highwater binary
// cannot be: they are of no revision.
//
// Without the tag there is no test, so that `go test ./...` measures nothing twice.
package terminal
