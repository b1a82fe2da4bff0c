package procfs

import (
	"runtime"
	"syscall"
)

// ShareMemory reports whether two processes are in one memory, as a child is in its
// parent's from vfork until it becomes another program: it is not to be counted
// twice. Where the kernel does not tell, the answer is no.
func ShareMemory(a, b int) bool {
	const kcmpVM = 1
	number, ok := map[string]uintptr{"amd64": 312, "arm64": 272, "riscv64": 272, "loong64": 272}[runtime.GOARCH]
	if !ok || a <= 1 || b <= 1 {
		return false
	}
	same, _, errno := syscall.RawSyscall6(number, uintptr(a), uintptr(b), kcmpVM, 0, 0, 0)
	return errno == 0 && same == 0
}
