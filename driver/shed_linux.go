package driver

import (
	"bytes"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settledIn is when what starting has touched is not needed any more.
const settledIn = 3 * time.Second

// staySmall has the collector keep the heap small, and gives back the pages of highwater's
// own file that starting has touched, of which most are never needed again: code of other
// verbs, tables that initialise packages. What is needed comes back from the page cache.
func staySmall(done <-chan struct{}) {
	select {
	case <-done:
		return
	case <-time.After(settledIn):
	}
	debug.FreeOSMemory()
	self, err := os.Executable()
	if err != nil {
		return
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return
	}
	for line := range bytes.Lines(maps) {
		from, to, ok := ownPages(string(line), self)
		if ok {
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED) // what stays, stays
		}
	}
}

// ownPages reads a line of /proc/PID/maps: the addresses of a mapping of that file which
// cannot be written to.
func ownPages(line, file string) (from, to uintptr, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 6 || fields[5] != file || strings.Contains(fields[1], "w") {
		return 0, 0, false
	}
	a, b, _ := strings.Cut(fields[0], "-")
	start, err1 := strconv.ParseUint(a, 16, 64)
	end, err2 := strconv.ParseUint(b, 16, 64)
	return uintptr(start), uintptr(end), err1 == nil && err2 == nil && start < end
}
