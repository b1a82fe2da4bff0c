//go:build unix

package probe

import (
	"runtime"
	"syscall"
	"unsafe"
)

// makeRecords returns room for n records outside of the heap, where it is in no
// figure and moves no collection. Pages that are not touched take no memory.
func makeRecords(n int) []runtime.MemProfileRecord {
	size := n * int(unsafe.Sizeof(runtime.MemProfileRecord{}))
	b, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return make([]runtime.MemProfileRecord, n)
	}
	// A record has no pointers, or the collector would have to see them.
	return unsafe.Slice((*runtime.MemProfileRecord)(unsafe.Pointer(unsafe.SliceData(b))), n)
}
