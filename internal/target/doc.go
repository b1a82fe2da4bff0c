// Package target starts the processes in which scenarios are measured, and
// makes sure that none outlives its use.
//
// A [Target] says how to start the process of one scenario. [Launch] starts it
// under a supervisor: a small process of the same executable that ends it at its
// deadline or at its memory ceiling, notices what it leaves behind, and, on
// Linux, kills the whole tree when highwater itself is killed. What comes out is
// an [Exit]; what the process measured about itself goes over package probe's
// socket and is none of this package's business.
package target
