//go:build unix

package probe

import (
	"runtime"
	"syscall"
	"unsafe"
)

// makeRecords returns room for n records outside of the heap, where it is in no
// figure and moves no collection. Pages that are not touched take no memory.
func makeRecords(n int) []runtime.MemProfileRecord { return offHeap[runtime.MemProfileRecord](n) }

// offHeap returns room for n values of a type without pointers, or the collector
// would have to see them.
func offHeap[T any](n int) []T {
	var zero T
	size := n * int(unsafe.Sizeof(zero))
	b, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil || size == 0 {
		return make([]T, n)
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}
