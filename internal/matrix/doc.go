// Package matrix makes one of several runs: those of the jobs of a build, each of which
// measured a part, or measured the same under other conditions.
//
// In flow Runs with the baselines that they are to be compared with, and [Settle] lets
// no scenario stand in two of them. Each is then judged by itself, under its own
// conditions, and [Merge] makes one Report of the judgements. Nothing is judged here,
// and nothing is left out without a note.
package matrix
