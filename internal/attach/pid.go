package attach

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os/user"
	"runtime"
	"strconv"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/procfs"
)

// process is one process and what it has started, as the kernel sees it.
type process struct {
	proc    procfs.FS
	pid     int
	name    string
	started int64
	owner   string // as a remedy names it
	lacks   map[highwater.Quantity]string
	maps    lately
	object  uint64 // an address on its Go heap; 0 where that is not known
	why     string // its runtime is not read; "" where nobody tried
}

// PID is a process by its id, on Linux. Of another user's process it sees the
// resident memory, the threads and the children only, and says so in Lacks.
func PID(pid int) (Source, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	return pidIn(procfs.Root, pid)
}

func supported() error {
	if runtime.GOOS == "linux" {
		return nil
	}
	return fmt.Errorf("other processes can be read on Linux only, and this is %s: "+
		"a Go program that imports net/http/pprof can be looked at with --url", runtime.GOOS)
}

func pidIn(proc procfs.FS, pid int) (*process, error) {
	status, err := proc.Status(pid)
	started, ok := proc.Started(pid)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("process %d may not be looked at: run highwater as its owner or as root", pid)
	case err != nil || !ok:
		return nil, fmt.Errorf("there is no process %d; pgrep -l NAME lists the ids of those called NAME", pid)
	case status.Kernel:
		return nil, fmt.Errorf("process %d (%s) is a thread of the kernel, which has no memory of its own", pid, status.Name)
	}
	p := &process{proc: proc, pid: pid, started: started, owner: owner(status.UID)}
	p.name = fmt.Sprintf("pid %d (%s)", pid, shown(status.Name))
	if err := p.alive(context.Background()); err != nil {
		return nil, err
	}
	return p, nil
}

// owner names a user.
func owner(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return fmt.Sprintf("the user with the id %d", uid)
}

// remedy says who may read more.
func remedy(owner string) string {
	if owner == "root" {
		return "run highwater as root"
	}
	return "run highwater as " + owner + " or as root"
}

func (p *process) Kind() highwater.SoakSource           { return highwater.SourceProcess }
func (p *process) Name() string                         { return p.name }
func (p *process) Lacks() map[highwater.Quantity]string { return maps.Clone(p.lacks) }
func (p *process) Close() error                         { return nil }

// alive is ErrGone when the process has ended, also where its id has another owner
// by now. Of one that is about to end it waits for the end, for the kernel then tells how
// it came.
func (p *process) alive(ctx context.Context) error {
	state, started := p.proc.Life(p.pid)
	for until := time.Now().Add(longestEnding); state == 'X' && time.Now().Before(until) && ctx.Err() == nil; {
		time.Sleep(time.Millisecond)
		state, started = p.proc.Life(p.pid)
	}
	switch {
	case state == 0, started != p.started:
		return gone(p.name, "")
	case state == 'Z', state == 'X':
		return gone(p.name, p.proc.Ending(p.pid))
	}
	return nil
}

// longestEnding is how long is waited for a process that is about to end: to take back what
// a large one had, the kernel needs its time.
const longestEnding = 10 * time.Second

func (p *process) Read(ctx context.Context) (Reading, error) {
	if err := ctx.Err(); err != nil {
		return Reading{}, err
	}
	if err := p.alive(ctx); err != nil {
		return Reading{}, err
	}
	why := cmp.Or(p.why, noLive)
	p.lacks = map[highwater.Quantity]string{
		highwater.QuantityLive: why, highwater.QuantitySites: why, highwater.QuantityGoroutines: why,
		highwater.QuantityOffHeap: noOffHeap, highwater.QuantityOps: noOperations,
	}
	var r Reading
	r.Mappings = p.maps.read(p.proc, p.pid, p.object)
	rollup, err := p.proc.Rollup(p.pid)
	if r.Point.RSS = rollup.RSS; err != nil {
		r.Point.RSS = p.proc.Resident(p.pid)
	}
	if status, err := p.proc.Status(p.pid); err == nil {
		r.Point.Threads = status.Threads
	}
	if r.Point.FDs, err = p.proc.FDs(p.pid); err != nil {
		p.lacks[highwater.QuantityFDs] = fmt.Sprintf("%v: %s", err, remedy(p.owner))
	}
	for _, child := range p.proc.Descendants(p.pid) {
		r.Point.Children++
		r.Point.ChildMemory += weight(p.proc, child)
	}
	// What was read of a process that has ended meanwhile is nothing.
	if err := p.alive(ctx); err != nil {
		return Reading{}, err
	}
	return r, nil
}

// weight is the proportional set size of a process, or the resident memory where
// that may not be read.
func weight(proc procfs.FS, pid int) int64 {
	if r, err := proc.Rollup(pid); err == nil {
		return r.PSS
	}
	return proc.Resident(pid)
}
