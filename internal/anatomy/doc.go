// Package anatomy says where a process's bytes are and what makes them: resident memory in
// parts that add up, the packages and lines behind them, what the collector does, how
// memory went while it was watched, and what follows from it, most important first. It
// knows what somebody else has seen, and asks nobody.
package anatomy
