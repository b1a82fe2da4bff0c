package probe

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// residentMemory reads VmRSS and VmHWM, in bytes. VmHWM is the kernel's own
// high-water mark of this program: ru_maxrss would include that of the process
// which started it.
func residentMemory() (rss, highWater int64, err error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, 0, err
	}
	if rss, err = statusField(string(text), "VmRSS"); err != nil {
		return 0, 0, err
	}
	highWater, err = statusField(string(text), "VmHWM")
	return rss, highWater, err
}

// statusField reads a line such as "VmHWM:	    1234 kB".
func statusField(text, name string) (int64, error) {
	for line := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(line, name+":"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "kB")), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("/proc/self/status: %s: %w", name, err)
			}
			return n << 10, nil
		}
	}
	return 0, fmt.Errorf("/proc/self/status: no %s", name)
}

func threadCount() int {
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return 0
	}
	return len(entries)
}

// openFDs lists the open descriptors as "number target".
func openFDs() (map[string]bool, error) {
	const dir = "/proc/self/fd"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	fds := map[string]bool{}
	for _, e := range entries {
		// The descriptor of the listing itself is gone by now.
		if target, err := os.Readlink(dir + "/" + e.Name()); err == nil {
			fds[e.Name()+" "+target] = true
		}
	}
	return fds, nil
}

// childPIDs lists the direct children, zombies included. The kernel keeps them
// by the thread that started them.
func childPIDs() (map[int]bool, error) {
	const dir = "/proc/self/task"
	tasks, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	pids := map[int]bool{}
	for _, t := range tasks {
		text, err := os.ReadFile(dir + "/" + t.Name() + "/children")
		if os.IsNotExist(err) {
			continue // the thread has ended
		}
		if err != nil {
			return nil, err
		}
		for f := range strings.FieldsSeq(string(text)) {
			if pid, err := strconv.Atoi(f); err == nil {
				pids[pid] = true
			}
		}
	}
	return pids, nil
}

// commandLine is what the process was started with, or its name in brackets.
func commandLine(pid int) string {
	if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil && len(b) > 0 {
		return strings.TrimSpace(strings.ReplaceAll(string(b[:min(len(b), 512)]), "\x00", " "))
	}
	if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); err == nil {
		return "[" + strings.TrimSpace(string(b)) + "]"
	}
	return "(ended)"
}
