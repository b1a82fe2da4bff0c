// Package inspect reads the state of a running Go process out of its memory, through
// /proc/PID/mem, on Linux: its memory and collector, its goroutines, and its memory
// profile. Nothing is in the process, nothing of it stops, and nothing in it notices, but
// for [Process.Holders]: who holds its objects can be told of one moment only, for which
// the process stands still. It goes on whatever happens to us meanwhile.
//
// In goes a process id, and out come the figures that package runtime/metrics and
// runtime.MemProfile would give inside, at a few microseconds a look. Where the
// runtime's variables are is in the executable's symbol table, and how its structures
// are laid out in its debug information: a stripped program cannot be read, and
// [Open] says so. Functions and lines come from the table that the runtime itself uses
// for tracebacks. What is copied from the runtime is the meaning of the figures, as of
// Go 1.24 to 1.26; a release that names something otherwise is refused by name.
//
// All that is read is untrusted, and of a process that goes on meanwhile: counts are
// bounded, addresses are checked, what does not fit together is read once more and
// then left out. The package never writes, keeps no history but the last collection,
// and judges nothing.
package inspect
