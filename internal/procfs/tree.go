package procfs

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// FS is the folder in which a process file system is.
type FS string

// Root is the kernel's own.
const Root FS = "/proc"

// path of a process's file.
func (f FS) path(pid int, name string) string {
	return filepath.Join(string(f), strconv.Itoa(pid), name)
}

// mostProcesses bounds a tree: one that forks without end is not followed.
const mostProcesses = 1 << 16

// Descendants lists the processes below root, nearest first.
func (f FS) Descendants(root int) []int {
	var all []int
	next := []int{root}
	for len(next) > 0 && len(all) < mostProcesses {
		pid := next[0]
		next = next[1:]
		kids := f.Children(pid)
		all = append(all, kids...)
		next = append(next, kids...)
	}
	return all
}

// Children lists the direct children of a process, of all its threads.
func (f FS) Children(pid int) []int {
	dir := f.path(pid, "task")
	tasks, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var kids []int
	for _, t := range tasks {
		text, err := readFile(filepath.Join(dir, t.Name(), "children"))
		if err != nil {
			continue
		}
		for id := range strings.FieldsSeq(string(text)) {
			if kid, err := strconv.Atoi(id); err == nil && kid > 0 {
				kids = append(kids, kid)
			}
		}
	}
	return kids
}

// Command is the command line of a process, its name in brackets where it has
// none, and "" when it is gone.
func (f FS) Command(pid int) string {
	if b, err := readFile(f.path(pid, "cmdline")); err == nil && len(b) > 0 {
		return strings.TrimSpace(strings.ReplaceAll(string(b[:min(len(b), 512)]), "\x00", " "))
	}
	if b, err := readFile(f.path(pid, "comm")); err == nil {
		return "[" + strings.TrimSpace(string(b)) + "]"
	}
	return ""
}
