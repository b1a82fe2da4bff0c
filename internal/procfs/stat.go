package procfs

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The fields of a stat file that are used, counted from the state on; see
// proc_pid_stat(5).
const (
	fieldState   = 0
	fieldParent  = 1
	fieldFlags   = 6
	fieldUser    = 11
	fieldSystem  = 12
	fieldStarted = 19
	fieldSize    = 20
	fieldCode    = 49
)

// stat are the fields of a process's stat file from its state on, none when it is
// gone.
func (f FS) stat(pid int) []string {
	b, err := readFile(f.path(pid, "stat"))
	if err != nil {
		return nil
	}
	return statFields(string(b))
}

func statFields(text string) []string {
	// The name in parentheses may hold spaces and parentheses itself.
	return strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
}

// State is the letter of the process's state, 'Z' for a zombie, 0 when gone.
func (f FS) State(pid int) byte {
	state, _ := f.Life(pid)
	return state
}

// Life is the state of a process, as [FS.State] has it, and when it began, as
// [FS.Started] has it, or 0. The state is 'X' also of one that is giving its memory back
// and is about to end: the kernel shows it running, and without memory, until then.
func (f FS) Life(pid int) (state byte, started int64) {
	s := f.stat(pid)
	if len(s) > fieldState {
		state = s[fieldState][0]
	}
	if state != 'Z' && ending(s) {
		state = 'X'
	}
	if len(s) > fieldStarted {
		started, _ = strconv.ParseInt(s[fieldStarted], 10, 64)
	}
	return state, started
}

// kernelThread is the flag of what has no memory at any time: PF_KTHREAD.
const kernelThread = 0x00200000

// ending reports that a process has no memory any more, as the kernel shows it.
func ending(s []string) bool {
	if len(s) <= fieldSize || s[fieldSize] != "0" {
		return false
	}
	flags, err := strconv.ParseUint(s[fieldFlags], 10, 64)
	return err == nil && flags&kernelThread == 0
}

// Parent is a process's parent, 0 when it is gone.
func (f FS) Parent(pid int) int {
	s := f.stat(pid)
	if len(s) <= fieldParent {
		return 0
	}
	parent, _ := strconv.Atoi(s[fieldParent])
	return parent
}

// CPUTime is what a process has taken of the processors so far, itself and in the kernel,
// to a hundredth of a second; 0 when it is gone.
func (f FS) CPUTime(pid int) time.Duration {
	s := f.stat(pid)
	if len(s) <= fieldSystem {
		return 0
	}
	user, _ := strconv.ParseInt(s[fieldUser], 10, 64)
	system, _ := strconv.ParseInt(s[fieldSystem], 10, 64)
	return time.Duration(user+system) * (time.Second / 100)
}

// Started is when a process began, in hundredths of a second since boot, rounded
// down: together with the id it names one process for good.
func (f FS) Started(pid int) (ticks int64, ok bool) {
	s := f.stat(pid)
	if len(s) <= fieldStarted {
		return 0, false
	}
	ticks, err := strconv.ParseInt(s[fieldStarted], 10, 64)
	return ticks, err == nil
}

// Ending says how a process has ended that nobody has waited for yet, as in "exited
// with status 1"; "" where that is not known. The kernel tells it to those only who
// might read the process's memory, and tells others 0.
func (f FS) Ending(pid int) string {
	s := f.stat(pid)
	if len(s) <= fieldCode || s[fieldState] != "Z" {
		return ""
	}
	code, err := strconv.Atoi(s[fieldCode])
	switch signal := code & 0x7f; {
	case err != nil || code == 0:
		return ""
	case signal != 0:
		return "was killed by a signal: " + syscall.Signal(signal).String()
	default:
		return fmt.Sprintf("exited with status %d", code>>8&0xff)
	}
}
