// Command goroutineleaks tries highwater on the Go toolchain's own corpus of leaking
// goroutines, runtime/testdata/testgoroutineleakprofile. It builds the corpus where it
// stands, with GOEXPERIMENT=goroutineleakprofile and highwater's probe added through
// -overlay, runs each entry as the runtime's own test does, and asks the probe what
// goroutines there are. What is expected is read out of the runtime's test.
//
// It prints, as a table, how many of the leaks were found and how many goroutines were
// called leaks that are none: by the runtime's leak profile, as the entry itself
// prints it; and by what is left over, grouped by creation site and blocking point,
// which every Go build has.
//
// Highwater's verbs do not build packages of the standard library, which belong to no
// module. The corpus is run through the probe's protocol instead, and its main.go, in
// the overlay alone, waits for highwater before the entry and after it: an entry takes
// milliseconds.
//
// Results are kept, a JSON line each, and the command goes on where it was stopped.
package main
