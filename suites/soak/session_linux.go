package soak

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// killSession kills what is left of the session that the process led, such as
// jobs of a shell that was killed itself.
func killSession(leader int) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return // the pseudo-terminal's end has told them, and that is all there is
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if f := stat(pid); len(f) > 3 && f[3] == strconv.Itoa(leader) && f[0] != "Z" {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// runnable reports whether a process of the session could run, or is waiting for a
// disk.
func runnable(leader int) bool {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return false
	}
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			if f := stat(pid); len(f) > 3 && f[3] == strconv.Itoa(leader) && (f[0] == "R" || f[0] == "D") {
				return true
			}
		}
	}
	return false
}

// sizeChanged tells a program once more that its window has another size.
func sizeChanged(p *os.Process) { _ = p.Signal(syscall.SIGWINCH) }

// stopped reports whether the process is stopped, as by SIGSTOP.
func stopped(pid int) bool {
	f := stat(pid)
	return len(f) > 0 && f[0] == "T"
}

// stat returns the fields of /proc/PID/stat from the state on, which follow the
// name in parentheses: state, parent, process group, session.
func stat(pid int) []string {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return nil
	}
	text := string(data)
	return strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
}
