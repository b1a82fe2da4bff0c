// Package heap turns the raw records of the runtime's memory profile into what
// people read: pprof files, allocation sites, and the sites that account for a
// change.
//
// Records flow in (a stack and what is live of it, scaled already), and out come
// a valid pprof profile ([Profile], [Write]), sites ([Sites]) and their changes
// between two runs ([Diff]). Profiles from outside come in through [Read], which
// bounds what a hostile file may cost.
//
// The package never samples memory itself and never judges what it finds.
package heap
