package target

import (
	"os"
	"strconv"
	"strings"
)

// proc is the root of the process file system.
const proc = "/proc/"

// descendants lists the processes below root, nearest first.
func descendants(root int) []int {
	var all []int
	next := []int{root}
	for len(next) > 0 && len(all) < 1<<16 {
		pid := next[0]
		next = next[1:]
		kids := children(pid)
		all = append(all, kids...)
		next = append(next, kids...)
	}
	return all
}

// children lists the direct children of a process, of all its threads.
func children(pid int) []int {
	dir := proc + strconv.Itoa(pid) + "/task"
	tasks, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var kids []int
	for _, t := range tasks {
		text, err := os.ReadFile(dir + "/" + t.Name() + "/children")
		if err != nil {
			continue
		}
		for f := range strings.FieldsSeq(string(text)) {
			if kid, err := strconv.Atoi(f); err == nil {
				kids = append(kids, kid)
			}
		}
	}
	return kids
}

// resident is the resident memory of a process in bytes, 0 when it is gone.
func resident(pid int) int64 {
	text, err := os.ReadFile(proc + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(text))
	if len(f) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(f[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// highWater is VmHWM in bytes, 0 when the process is gone or a zombie.
func highWater(pid int) int64 {
	text, err := os.ReadFile(proc + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "kB")), 10, 64)
			return n << 10
		}
	}
	return 0
}

// command is the command line of a process, its name in brackets where it has
// none, and "" when it is gone.
func command(pid int) string {
	dir := proc + strconv.Itoa(pid)
	if b, err := os.ReadFile(dir + "/cmdline"); err == nil && len(b) > 0 {
		return strings.TrimSpace(strings.ReplaceAll(string(b[:min(len(b), 512)]), "\x00", " "))
	}
	if b, err := os.ReadFile(dir + "/comm"); err == nil {
		return "[" + strings.TrimSpace(string(b)) + "]"
	}
	return ""
}

// stat are the fields of a process's stat file from its state on, none when it is
// gone.
func stat(pid int) []string {
	b, err := os.ReadFile(proc + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return nil
	}
	// The name in parentheses may hold spaces and parentheses itself.
	return strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
}

// state is the letter of the process's state, 'Z' for a zombie, 0 when gone.
func state(pid int) byte {
	if f := stat(pid); len(f) > 0 {
		return f[0][0]
	}
	return 0
}

// parentOf is a process's parent, 0 when it is gone.
func parentOf(pid int) int {
	f := stat(pid)
	if len(f) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(f[1])
	return parent
}

// oomKills counts the kernel's out-of-memory kills since boot.
func oomKills() int64 {
	text, err := os.ReadFile(proc + "vmstat")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if v, ok := strings.CutPrefix(line, "oom_kill "); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
			return n
		}
	}
	return 0
}
