// Package pressure holds twelve programs whose garbage collectors work hard to
// different degrees, to prove that the gc_pressure metric ranks programs as
// their measured share of collector CPU time ranks them, and that it repeats
// itself. `go run ./internal/cmd/pressure` prints the table.
package pressure
