// Package platforms sets runs from different operating systems, architectures, Go
// releases or settings side by side, and says which differences are real.
//
// In flow Runs and the names of the conditions that tell them apart ([Keys]); out flows
// a [Sheet], which is rendered as text, Markdown or JSON. Runs that do not differ in
// those conditions are repeats, and make one column. Each column is compared with the
// first by the gate's own comparison ([gate.Contrast]), corrected for the number of
// comparisons. Where most scenarios go the same way and one does not, that one is named.
//
// Runs that differ in anything else that matters, by the gate's table of conditions, are
// refused: what would be compared is then not what was asked for.
//
// The package is pure: it measures nothing, reads no file and no clock, and passes or
// fails nothing. What a platform cannot measure, and what is missing, is said in its
// place and never taken for zero.
package platforms
