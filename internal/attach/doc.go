// Package attach looks at processes that highwater did not build: by their process
// id, through their net/http/pprof endpoint, or as the tree of a command that is
// running.
//
// A [Source] yields a [Reading] whenever it is asked: absolute figures of the moment,
// and no more than that source can tell; [Source.Lacks] says what that is not, and
// why. Nothing here keeps a history, waits for an interval, or judges. The process
// goes on undisturbed but for what a look costs, and nothing is left in it.
//
// A [Live] yields a highwater.Snapshot in the same way, and forces nothing in the
// process unless it is asked to. What reads the memory of a Go process comes in as an
// [Inside]. [List] lists the Go processes of this machine, with how each can be looked
// at.
package attach
