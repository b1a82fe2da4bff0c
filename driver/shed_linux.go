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

// pageOut is MADV_PAGEOUT (Linux 5.4), which drops pages from the page cache, too, as far as
// no other process has them mapped and the file is the user's.
const pageOut = 21

// staySmall gives back what was freed, and the pages of highwater's own file that starting
// has touched, of which most are never needed again: code of other verbs, tables that
// initialise packages. What is needed comes back, page by page: of a file that is in the
// page cache the kernel maps sixteen pages for each that is touched, which is why it is
// taken from there.
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
		if !ok {
			continue
		}
		for _, advice := range []uintptr{syscall.MADV_RANDOM, pageOut, syscall.MADV_DONTNEED} {
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, to-from, advice) // what stays, stays
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
