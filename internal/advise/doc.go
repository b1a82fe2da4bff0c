// Package advise turns what was measured of a process into advice on what to change,
// each with the measurement that it follows from and what it would save.
//
// [Evidence] flows in: snapshots or measurements, and, where the caller has them, the
// source and the compiler's escape diagnostics for the lines that [Wanted] names and the
// struct types of the executable ([Structs]). [Advise] yields [Advice], that which saves
// most first.
//
// The rules stand in a file each, with their formula and where it comes from. There is no
// advice without evidence in this very process, and where a saving cannot be computed
// from the evidence the advice says so and is minor. The package reads no file, runs
// nothing and measures nothing.
package advise
