package procfs

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Threads are the ids of a process's threads; none when it is gone.
func (f FS) Threads(pid int) []int {
	entries, err := os.ReadDir(f.path(pid, "task"))
	if err != nil {
		return nil
	}
	var all []int
	for _, e := range entries {
		if id, err := strconv.Atoi(e.Name()); err == nil {
			all = append(all, id)
		}
	}
	return all
}

// ThreadState is the letter of a thread's state, 'T' for one that was stopped, 't' for
// one that a debugger has stopped, 0 when it is gone.
func (f FS) ThreadState(pid, thread int) byte {
	b, err := readFile(f.path(pid, filepath.Join("task", strconv.Itoa(thread), "stat")))
	if err != nil {
		return 0
	}
	if s := statFields(string(b)); len(s) > fieldState {
		return s[fieldState][0]
	}
	return 0
}

// StackPointer is that of a thread that does not run; see proc_pid_syscall(5).
func (f FS) StackPointer(pid, thread int) (uint64, bool) {
	b, err := readFile(f.path(pid, filepath.Join("task", strconv.Itoa(thread), "syscall")))
	if err != nil {
		return 0, false
	}
	return stackPointer(string(b))
}

// stackPointer is the last word but one, whether the thread is in a system call or not.
func stackPointer(text string) (uint64, bool) {
	words := strings.Fields(text)
	if len(words) < 3 {
		return 0, false
	}
	hex, ok := strings.CutPrefix(words[len(words)-2], "0x")
	if !ok {
		return 0, false
	}
	sp, err := strconv.ParseUint(hex, 16, 64)
	return sp, err == nil
}
