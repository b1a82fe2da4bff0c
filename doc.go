// Package highwater holds the nouns of highwater, memory testing for Go
// programs: what is measured ([Metric], [Scenario], [Measurement], [Run]), what
// it is held to ([Threshold], [Limit]) and what came of it ([Finding],
// [Report]).
//
// A [Scenario] is a named workload. It is run in fresh processes, each of one
// [Pass]; every process yields a [Measurement]; all measurements of one
// invocation are a [Run], which is written to disk as it grows. A [Check] turns
// a run and its baseline into findings, a [Reporter] writes them down.
//
// The package imports the standard library only and does no measuring, no
// statistics and no I/O of its own: those live in internal packages behind
// package memtest (scenarios inside go test) and package driver (the command
// line).
package highwater
