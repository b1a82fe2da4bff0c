package procfs

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
)

// Resident is the resident memory of a process in bytes, 0 when it is gone. It
// costs next to nothing, and the kernel counts it in batches for each processor: on
// large machines it may be megabytes away from what [FS.Rollup] says.
func (f FS) Resident(pid int) int64 {
	text, err := readFile(f.path(pid, "statm"))
	if err != nil {
		return 0
	}
	return statm(string(text), int64(os.Getpagesize()))
}

func statm(text string, page int64) int64 {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil || pages < 0 || pages > math.MaxInt64/page {
		return 0
	}
	return pages * page
}

// HighWater is VmHWM in bytes, 0 when the process is gone or a zombie.
func (f FS) HighWater(pid int) int64 {
	text, err := readFile(f.path(pid, "status"))
	if err != nil {
		return 0
	}
	n, _ := field(string(text), "VmHWM")
	return n
}

// field finds a line such as "VmHWM:	    1234 kB", in bytes.
func field(text, name string) (int64, bool) {
	for line := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(line, name+":"); ok {
			return kilobytes(v)
		}
	}
	return 0, false
}

// kilobytes reads "1234 kB", in bytes.
func kilobytes(v string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "kB")), 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64>>10 {
		return 0, false
	}
	return n << 10, true
}

// Rollup is the memory of a process as its page tables have it, in bytes.
type Rollup struct {
	RSS int64
	// PSS is the proportional set size: what a process has for itself, and of what
	// several share a part each.
	PSS int64
}

// Rollup walks the page tables, which takes about a millisecond for each 80 MB. Of a
// process that is gone it is zero. It is an error where a living process cannot be
// read: because of its owner ([fs.ErrPermission]), or because the kernel is too old.
func (f FS) Rollup(pid int) (Rollup, error) {
	text, err := readFile(f.path(pid, "smaps_rollup"))
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.State(pid) != 0 && f.State(pid) != 'Z':
		return Rollup{}, errors.New("this kernel has no smaps_rollup (Linux 4.14 has it)")
	case errors.Is(err, fs.ErrPermission):
		return Rollup{}, f.denied(pid, err)
	case err != nil:
		return Rollup{}, nil // it has ended
	}
	var r Rollup
	r.RSS, _ = field(string(text), "Rss")
	r.PSS, _ = field(string(text), "Pss")
	return r, nil
}

// denied says whose the process is, in words for the user. It is err in a chain.
func (f FS) denied(pid int, err error) error {
	return &deniedError{f.Command(pid) + " belongs to another user, or is protected", err}
}

// deniedError is an error of the kernel with the words of ours: the kernel's name a
// file, which says nothing to the user.
type deniedError struct {
	text string
	err  error
}

func (e *deniedError) Error() string { return e.text }
func (e *deniedError) Unwrap() error { return e.err }
