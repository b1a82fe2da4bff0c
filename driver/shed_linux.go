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

// How often pages are given back: first when what starting has touched is not needed any
// more, and then what a rare event has touched since.
const (
	settledIn = 3 * time.Second
	shedEvery = 15 * time.Second
)

// staySmall gives back the pages of highwater's own file that are not in use, of which
// most never are again: code of other verbs, tables that initialise packages. The kernel
// maps sixteen for each that is touched. What is needed comes back from the page cache.
func staySmall(done <-chan struct{}) {
	for wait := settledIn; ; wait = shedEvery {
		select {
		case <-done:
			return
		case <-time.After(wait):
		}
		if wait == settledIn {
			debug.FreeOSMemory()
		}
		shed()
	}
}

// shed unmaps the pages of highwater's own file. What cannot be stays.
func shed() {
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
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED)
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
