package procfs

import (
	"strconv"
	"strings"
)

// Status is what everybody may know of a process.
type Status struct {
	Name    string
	UID     int // effective
	Parent  int
	Threads int
	// The most bytes that were resident ever, and those of files that are, the program's
	// own above all.
	HighWater, Files int64
	// Stopped is by a signal or by a debugger.
	Stopped bool
	// Kernel marks a thread of the kernel, which has no memory of its own.
	Kernel bool
}

// Status reads a process's status file.
func (f FS) Status(pid int) (Status, error) {
	text, err := readFile(f.path(pid, "status"))
	if err != nil {
		return Status{}, err
	}
	return status(string(text)), nil
}

// kthreadd starts all threads of the kernel.
const kthreadd = 2

func status(text string) Status {
	s := Status{UID: -1}
	memory := false
	for line := range strings.Lines(text) {
		name, v, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		v = strings.TrimSpace(v)
		switch name {
		case "Name":
			s.Name = v
		case "PPid":
			s.Parent, _ = strconv.Atoi(v)
		case "State": // "T (stopped)", "t (tracing stop)"
			s.Stopped = strings.HasPrefix(v, "T") || strings.HasPrefix(v, "t")
		case "Threads":
			s.Threads, _ = strconv.Atoi(v)
		case "Uid": // real, effective, saved, file system
			if ids := strings.Fields(v); len(ids) > 1 {
				if id, err := strconv.Atoi(ids[1]); err == nil {
					s.UID = id
				}
			}
		case "VmSize":
			memory = true
		case "VmHWM":
			s.HighWater, _ = kilobytes(v)
		case "RssFile":
			s.Files, _ = kilobytes(v)
		case "Kthread": // since Linux 6.10
			s.Kernel = v == "1"
		}
	}
	s.Kernel = s.Kernel || s.Parent == kthreadd && !memory
	s.Threads = max(s.Threads, 0)
	return s
}
