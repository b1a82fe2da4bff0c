// Package live is the model behind the live dashboard: what a process's memory,
// collector and goroutines have done while somebody watched.
//
// Snapshots flow in, in order ([History.Add]), and frozen pictures flow out
// ([History.View]): a [View] never changes after it was made, so that one goroutine
// can go on looking while another draws. [Compare] says what two snapshots differ in.
//
// The memory that it takes is bounded, however long somebody watches: the newest looks
// are kept one by one, older ones are thinned. The package reads no clock (times are
// those of the snapshots), asks no process anything, words nothing and draws nothing.
// What cannot be known is NaN, or nil, and [View.Lacks] says why.
package live
