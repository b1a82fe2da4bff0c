// Package store keeps Runs on disk: the Run file and its checks, the folder of
// runs in the user's state directory, and baselines.
//
// In flow [highwater.Run] values and paths; out flow files that a reader sees
// either old or new, never half written, and Runs that have been checked: what
// [ReadRun] returns has unique scenarios, only measurements of known scenarios
// and finite values, whatever was in the file. Run files come from other
// machines and other people, so they are untrusted: sized, checked, and refused
// with a message that says what is wrong, where, and what to do next.
//
// The package measures nothing, judges nothing and prints nothing. That a
// failing run replaces no baseline is decided by the report that the caller
// hands to [SaveBaseline].
package store
