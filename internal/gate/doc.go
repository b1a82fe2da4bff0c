// Package gate judges a run: measurements and a baseline flow in, and out comes
// a report in which every figure has a verdict with its reason.
//
// [Judge] goes through five checks, each in a file of its own:
//
//   - outcome: did every process end as it should?
//   - presence: is everything there that should have been measured, and every
//     scenario that the baseline has?
//   - limit: is the metric's confidence interval on the right side of its bound?
//   - baseline: is a change both large (over its threshold) and real (not chance,
//     corrected for the number of comparisons)?
//   - the caller's own, such as [Leak].
//
// Intervals and comparisons are moderated t's, which hold for very few repeats
// because they take the metric's usual noise into account; see [PriorDF]. A
// verdict that the repeats at hand cannot give is inconclusive, and [Needs] says
// how many more would give it. Data that is missing is never a pass.
//
// What fails and is a [Known] regression of the policy is a warning until that ends.
//
// The verdict of a row is the worst of its findings, except that a metric which
// this platform cannot measure colours the row only when somebody asked for it,
// by a limit or by a baseline that has it.
//
// The package is pure: it reads no file and no clock, and prints nothing.
package gate
