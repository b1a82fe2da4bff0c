// Package retain says who holds objects of a heap: the path of references from a root
// to them, one for a cluster of like paths, and how many bytes only that keeps alive.
//
// In go the memory of a Go process as somebody else has read it, in [Span] and [Root]
// values, and the addresses of the objects in question; out come highwater.Holder values. What
// refers to what is found as a conservative collector finds it (Boehm and Weiser,
// Garbage Collection in an Uncooperative Environment, 1988): any aligned word of a root,
// or of an object that may hold pointers, that is an address within an object refers to
// it, unless it is known to be something else. A number that happens to be one is taken
// for a reference, which can show a holder too many, and never one too few. Garbage that is not swept yet is left out by
// itself, because no root leads to it.
//
// A path is the shortest one, from a global variable where there is one, then from a
// goroutine, then from what the runtime keeps. Retained bytes follow from the
// dominator tree (Lengauer and Tarjan, A Fast Algorithm for Finding Dominators in a
// Flowgraph, 1979). Names of fields and types are somebody else's to give, behind
// [Names]; without them there are sizes.
//
// The package reads nothing itself, keeps nothing, and judges nothing.
package retain
