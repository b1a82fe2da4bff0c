package measure

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Module is the path of the module that the working directory belongs to.
func Module() string {
	dir, err := os.Getwd()
	for err == nil {
		if text, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil {
			for line := range strings.Lines(string(text)) {
				if name, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
					return strings.Trim(strings.TrimSpace(name), `"`)
				}
			}
			return ""
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		break
	}
	return ""
}

// What follows reads Linux's /proc and /sys; elsewhere the files are not there
// and the fields stay empty.

func kernel() string { return firstLine("/proc/sys/kernel/osrelease") }

func cpuModel() string { return field("/proc/cpuinfo", "model name") }

func memoryTotal() int64 {
	kb, _, _ := strings.Cut(field("/proc/meminfo", "MemTotal"), " ")
	n, err := strconv.ParseInt(kb, 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}

// containerLimit is the memory limit of this process's control group in bytes,
// 0 for none. Version 1 says "none" with a number near the largest.
func containerLimit() int64 {
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		n, err := strconv.ParseInt(firstLine(file), 10, 64)
		if err == nil && n < 1<<60 {
			return n
		}
	}
	return 0
}

func firstLine(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(line)
}

// field reads the first "name : value" line of a file.
func field(file, name string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return ""
}
