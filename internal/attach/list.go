package attach

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/highwater-dev/highwater/internal/procfs"
)

// GoProcess is a Go program that is running on this machine.
type GoProcess struct {
	PID     int
	Command string // its command line, as it may be shown
	Path    string // import path of its main package
	Module  string
	Version string // of the module, "(devel)" where it has none
	Go      string // the version of Go that built it
	User    string
	RSS     int64     // bytes
	Started time.Time // zero where that is not known
	// Readable says that its memory can be read by its symbols; Why says why not.
	Readable bool
	Why      string
	// Linked says that net/http/pprof is in it, and Endpoint is where it answers, as
	// [URL] takes it; "" where it does not.
	Linked   bool
	Endpoint string
	// Probe says that highwater has built it with its probe, which answers the one
	// highwater that started it.
	Probe bool
}

// List lists the Go processes of this machine by their ids, on Linux, without this one
// and those that it descends from. Programs that this user may not read are not among
// them: whether they are of Go cannot be told. A process that links net/http/pprof is
// asked for its profiles at the addresses of this machine at which it listens.
func List(ctx context.Context, proc procfs.FS) ([]GoProcess, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	pids, err := proc.PIDs()
	if err != nil {
		return nil, fmt.Errorf("listing the processes of this machine: %w", err)
	}
	l := lister{proc: proc, known: map[fileID]programOr{}, ours: map[int]bool{}}
	l.booted, _ = proc.Booted()
	for pid := os.Getpid(); pid > 0 && !l.ours[pid]; pid = proc.Parent(pid) {
		l.ours[pid] = true
	}
	var all []GoProcess
	for _, pid := range pids {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if g, ok := l.process(pid); ok {
			all = append(all, g)
		}
	}
	findEndpoints(ctx, proc, all)
	return all, ctx.Err()
}

// lister keeps what it has read: many processes run the same program.
type lister struct {
	proc   procfs.FS
	booted time.Time
	known  map[fileID]programOr
	ours   map[int]bool
}

type programOr struct {
	program
	err error
}

// program is what a process runs.
func (l *lister) program(pid int) (program, error) {
	path := l.proc.Executable(pid)
	info, err := os.Stat(path)
	if err != nil {
		return program{}, err
	}
	id := identify(info)
	p, ok := l.known[id]
	if !ok {
		p.program, p.err = readProgram(path)
		l.known[id] = p
	}
	return p.program, p.err
}

func (l *lister) process(pid int) (GoProcess, bool) {
	if l.ours[pid] {
		return GoProcess{}, false
	}
	p, err := l.program(pid)
	if err != nil {
		return GoProcess{}, false
	}
	status, err := l.proc.Status(pid)
	state := l.proc.State(pid)
	if err != nil || state == 0 || state == 'Z' || state == 'X' {
		return GoProcess{}, false // it has ended
	}
	g := GoProcess{
		PID: pid, Command: shown(l.proc.Command(pid)), Path: p.path, Module: p.module, Version: p.version, Go: p.goVersion,
		User: owner(status.UID), RSS: l.proc.Resident(pid), Linked: p.pprof, Probe: p.probe,
	}
	if ticks, ok := l.proc.Started(pid); ok && !l.booted.IsZero() {
		g.Started = l.booted.Add(time.Duration(ticks) * procfs.Tick)
	}
	g.Why = l.unreadable(pid, p, g.User)
	g.Readable = g.Why == ""
	return g, true
}

// unreadable says why the memory of a process cannot be read by its symbols. Opening it
// asks the kernel whether we may, and changes nothing in the process.
func (l *lister) unreadable(pid int, p program, owner string) string {
	if !p.symbols {
		return "the program was stripped of its symbols (-ldflags=-s or -w, or strip)"
	}
	f, err := os.Open(l.proc.Memory(pid))
	if err != nil {
		return "its memory may not be read: " + remedy(owner) +
			"; where that is so already, kernel.yama.ptrace_scope or the container forbids it"
	}
	_ = f.Close() // nothing was written
	return ""
}
