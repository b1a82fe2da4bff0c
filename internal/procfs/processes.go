package procfs

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PIDs lists all processes, threads of the kernel among them, in the order of their ids.
func (f FS) PIDs() ([]int, error) {
	dir, err := os.Open(string(f))
	if err != nil {
		return nil, err
	}
	defer func() { _ = dir.Close() }() // nothing was written
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var all []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil && pid > 0 {
			all = append(all, pid)
		}
	}
	slices.Sort(all)
	return all, nil
}

// Executable is the path of the link to the program that a process runs, through which
// it can be opened also when it was removed meanwhile.
func (f FS) Executable(pid int) string { return f.path(pid, "exe") }

// Memory is the path of the file that is a process's memory.
func (f FS) Memory(pid int) string { return f.path(pid, "mem") }

// Arguments is the command line of a process with a zero byte behind each argument, ""
// when it is gone or has none.
func (f FS) Arguments(pid int) string {
	b, err := readFile(f.path(pid, "cmdline"))
	if err != nil {
		return ""
	}
	return string(b)
}

// Booted is when the machine was started, to the second.
func (f FS) Booted() (time.Time, bool) {
	b, err := readFile(filepath.Join(string(f), "stat"))
	if err != nil {
		return time.Time{}, false
	}
	return booted(string(b))
}

func booted(text string) (time.Time, bool) {
	for line := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(line, "btime "); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
			return time.Unix(n, 0), err == nil && n > 0
		}
	}
	return time.Time{}, false
}

// Tick is the unit of [FS.Started]: the kernel shows hundredths of a second to
// programs, whatever it counts in itself.
const Tick = 10 * time.Millisecond
