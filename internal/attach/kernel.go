package attach

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"time"
	"unicode"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// kernel looks at processes as the operating system sees them, again and again.
type kernel struct {
	proc    procfs.FS
	weights map[int]*weighed
	fds     map[int]*counted
}

func kernelOf(proc procfs.FS) kernel {
	return kernel{proc: proc, weights: map[int]*weighed{}, fds: map[int]*counted{}}
}

// weighed is the memory of a process when its page tables were walked, which costs a
// millisecond for each 80 MB, and what the kernel's own count was then.
type weighed struct {
	thrift
	rollup   procfs.Rollup
	resident int64
	known    bool // it may be walked
}

// weigh is the memory of a process: as it was when it was weighed last, and what the
// kernel has counted since. The count by itself is some pages away from the truth on
// each processor.
func (k *kernel) weigh(pid int, full bool) procfs.Rollup {
	w := k.weights[pid]
	if w == nil {
		w = &weighed{}
		k.weights[pid] = w
	}
	if full || w.due() {
		begun := time.Now()
		r, err := k.proc.Rollup(pid)
		w.spent(begun, weighThrift)
		w.rollup, w.known, w.resident = r, err == nil, k.proc.Resident(pid)
	}
	now := k.proc.Resident(pid)
	if !w.known {
		return procfs.Rollup{RSS: now}
	}
	since := now - w.resident
	return procfs.Rollup{RSS: max(0, w.rollup.RSS+since), PSS: max(0, w.rollup.PSS+since)}
}

// counted are the descriptors of a process when they were counted last: there may be a
// hundred thousand.
type counted struct {
	thrift
	kinds map[string]int
	err   error
}

func (k *kernel) descriptors(pid int, full bool) (map[string]int, error) {
	c := k.fds[pid]
	if c == nil {
		c = &counted{}
		k.fds[pid] = c
	}
	if full || c.due() {
		begun := time.Now()
		c.kinds, c.err = k.proc.FDs(pid)
		c.spent(begun, ownThrift)
	}
	return maps.Clone(c.kinds), c.err
}

// processes are those with the ids that are still there. first is what the kernel says of
// the first of them.
func (k *kernel) processes(pids []int, full bool) (all []highwater.Process, first procfs.Status) {
	there := map[int]bool{}
	for _, pid := range pids {
		status, err := k.proc.Status(pid)
		if err != nil {
			continue
		}
		if there[pid] = true; pid == pids[0] {
			first = status
		}
		w := k.weigh(pid, full)
		all = append(all, highwater.Process{
			PID: pid, Parent: status.Parent, Command: shown(k.proc.Command(pid)), RSS: w.RSS, PSS: w.PSS, Threads: status.Threads,
			Stopped: status.Stopped,
		})
	}
	// What has ended is forgotten.
	maps.DeleteFunc(k.weights, func(pid int, _ *weighed) bool { return !there[pid] })
	maps.DeleteFunc(k.fds, func(pid int, _ *counted) bool { return !there[pid] })
	return all, first
}

// one puts into s what the kernel tells of a process and of what it has started.
func (k *kernel) one(p *process, s *highwater.Snapshot, full bool) {
	var err error
	s.PID = p.pid
	if s.FDs, err = k.descriptors(p.pid, full); err != nil {
		s.Lacks[highwater.QuantityFDs] = fmt.Sprintf("%v: %s", err, remedy(p.owner))
	}
	var status procfs.Status
	s.Processes, status = k.processes(append([]int{p.pid}, k.proc.Descendants(p.pid)...), full)
	if len(s.Processes) > 0 && s.Processes[0].PID == p.pid {
		s.Memory.RSS, s.Threads = s.Processes[0].RSS, s.Processes[0].Threads
	}
	s.Memory.HighWater, s.Memory.Files = status.HighWater, status.Files
}

// all puts into s the sum of processes, of which each counts its part of what they
// share.
func (k *kernel) all(pids []int, s *highwater.Snapshot, full bool) {
	var why string
	if s.FDs, why = together(pids, func(pid int) (map[string]int, error) { return k.descriptors(pid, full) }); why != "" {
		s.Lacks[highwater.QuantityFDs] = why
	}
	s.Processes, _ = k.processes(pids, full)
	for _, p := range s.Processes {
		s.Threads += p.Threads
		switch {
		case procfs.ShareMemory(p.PID, p.Parent):
		case p.PSS > 0:
			s.Memory.RSS += p.PSS
		default:
			s.Memory.RSS += p.RSS
		}
	}
}

// together adds up the descriptors of processes by kind. Where some may not be read there
// is no sum, and why says so.
func together(pids []int, read func(pid int) (map[string]int, error)) (sum map[string]int, why string) {
	sum = map[string]int{}
	for _, pid := range pids {
		fds, err := read(pid)
		if errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Sprintf("%v: run highwater as root", err)
		}
		for kind, n := range fds {
			sum[kind] += n
		}
	}
	return sum, ""
}

// mostShown is how much of a command line is shown, in characters.
const mostShown = 160

// shown is a text of a process as it may be shown: anything may be in it.
func shown(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	if r := []rune(text); len(r) > mostShown {
		return string(r[:mostShown-1]) + "…"
	}
	return text
}
