// Package why finds the lines of source behind a change of memory, where the
// sources of both sides are at hand: the hunk of their difference that is nearest
// to an allocation site, and the compiler's reason for a line that newly escapes.
//
// A judged report flows in, and the same report comes out with its evidence
// completed. The package never changes a verdict, never writes into a source tree,
// and never fails a report for what it could not find out: it says so in a note.
package why
