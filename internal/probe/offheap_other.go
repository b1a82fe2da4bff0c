//go:build !unix

package probe

import "runtime"

// makeRecords returns room for n records.
func makeRecords(n int) []runtime.MemProfileRecord { return make([]runtime.MemProfileRecord, n) }

// offHeap returns room for n values, on the heap.
func offHeap[T any](n int) []T { return make([]T, n) }
