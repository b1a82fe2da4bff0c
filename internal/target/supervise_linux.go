package target

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"time"
)

// MaybeSupervise acts as a supervisor, or as the keeper of a [Scratch] folder, when
// this process was started as one, and then returns true with the status to exit
// with. A program that launches targets calls it first thing in main.
func MaybeSupervise() (code int, done bool) {
	if code, done := maybeKeep(); done {
		return code, true
	}
	text, ok := os.LookupEnv(envSupervise)
	if !ok {
		return 0, false
	}
	_ = os.Unsetenv(envSupervise)
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		fmt.Fprintf(os.Stderr, "highwater: %s: %v\n", envSupervise, err)
		return 3, true
	}
	e := supervise(o)
	out := os.NewFile(exitPipe, "exit")
	if err := json.NewEncoder(out).Encode(e); err != nil {
		return 2, true
	}
	return 0, true
}

// supervise runs the ordered process to its end. It is a child subreaper: what
// the process leaves behind becomes this process's child and is found and
// killed, also what daemonised itself.
func supervise(o order) Exit {
	const prSetChildSubreaper = 36
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, prSetChildSubreaper, 1, 0, 0, 0, 0); errno != 0 {
		return Exit{Code: -1, Err: "becoming a subreaper: " + errno.Error()}
	}
	for _, fd := range []int{lifeline, exitPipe} {
		syscall.CloseOnExec(fd)
	}
	// Signals meant for the group must not end the supervisor before its work.
	// They are caught and dropped: a signal that is ignored here would be
	// ignored by the process and all that it starts, too.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	oomBefore := oomKills()

	// The process ends with the supervisor, also when that is killed. The kernel
	// takes the end of the thread that started it for the parent's.
	runtime.LockOSThread()
	var group *cgroup
	if o.Limits.Tree {
		if g, err := newCgroup(); err == nil {
			group = g
			defer group.remove()
		}
	}
	trace := o.Limits.Tree && !privileged(o.Path)
	main, err := begin(o, group, trace)
	if err != nil && trace { // which a sandbox may refuse, and so the group
		main, err = begin(o, group, false)
	}
	if err != nil && group != nil {
		group.remove()
		group = nil
		main, err = begin(o, nil, false)
	}
	if err != nil {
		return Exit{Code: -1, Err: err.Error()}
	}

	gone := make(chan struct{})
	asked := make(chan struct{})
	go func() {
		var order [1]byte
		line := os.NewFile(lifeline, "lifeline")
		if n, _ := line.Read(order[:]); n > 0 && order[0] == askToEnd {
			close(asked)
		}
		_, _ = io.Copy(io.Discard, line)
		close(gone)
	}()
	w := &watch{main: main, limits: o.Limits, begun: time.Now(), gone: gone, asked: asked, seen: map[int]Child{}, lives: lives{}, starting: map[int]int{}, stop: make(chan struct{}), done: make(chan struct{})}
	if o.Limits.Tree {
		w.looks = &looks{main: main, begun: w.begun, floor: proc.HighWater(os.Getpid())}
	}
	go w.run()

	var e Exit
	var r reaper
	var rusage int64
	for {
		var status syscall.WaitStatus
		var used syscall.Rusage
		pid, err := syscall.Wait4(-1, &status, 0, &used)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			e.Code, e.Err = -1, "waiting: "+err.Error()
			break
		}
		if status.Stopped() {
			resume(pid, status, w.looks.held)
			continue
		}
		if pid == main {
			rusage = used.Maxrss << 10
			w.mainGone.Store(true)
			e.Code = status.ExitStatus()
			if status.Signaled() {
				e.Code, e.Signal = -1, status.Signal().String()
			}
			break
		}
		r.note(used)
	}
	w.outlast(&r)
	close(w.stop)
	<-w.done
	e.TimedOut, e.OverLimit, e.ChildMemory = w.timedOut, w.overLimit, max(w.childMemory, w.lives.most(w.seen))
	e.Stopped, e.Forced = !w.killAt.IsZero(), w.forced
	if !w.ended {
		e.Orphans = r.orphans()
	}
	r.end()
	if w.looks != nil {
		e.Tree = w.looks.tree(rusage, r.largest)
		if group != nil {
			e.Tree.Cgroup, e.Tree.CgroupSource = group.highest(), group.source
		}
	}
	if o.Limits.Scratch != "" {
		_ = os.RemoveAll(o.Limits.Scratch)
	}
	e.OOM = oomKills() > oomBefore
	for _, pid := range slices.Sorted(maps.Keys(w.seen)) {
		e.Children = append(e.Children, w.seen[pid])
	}
	return e
}

// begin starts the process, in the group if there is one, and so that it is held
// at its exit if it is to be traced.
func begin(o order, group *cgroup, trace bool) (pid int, err error) {
	cmd := exec.Command(o.Path, o.Args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Ptrace: trace}
	if group != nil {
		leave, err := group.enter(cmd.SysProcAttr)
		if err != nil {
			return 0, err
		}
		defer leave()
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	if trace {
		holdAtExit(cmd.Process.Pid)
	}
	return cmd.Process.Pid, nil
}

// watch looks at the process tree from time to time and ends it when it must.
type watch struct {
	main      int
	limits    Limits
	begun     time.Time
	gone      chan struct{} // highwater has gone
	asked     chan struct{} // the process is to end
	killAt    time.Time     // when it is killed that was asked to end; zero where it was not
	forced    bool          // it was
	stop      chan struct{}
	done      chan struct{}
	seen      map[int]Child
	lives     lives
	starting  map[int]int // looks at children that were still being started
	ended     bool        // by us
	timedOut  bool
	overLimit int64

	// childMemory is the highest sum of what the living children had reached, at one
	// look.
	childMemory int64

	looks    *looks      // nil where the tree is not asked for
	mainGone atomic.Bool // its number may be another's now
	wants    atomic.Bool // the tree was asked to end, and has its grace
}

// outlast waits for what the main process has left behind, where it is to be
// waited for. The watch may end that.
func (w *watch) outlast(r *reaper) {
	for (w.limits.WaitTree || w.wants.Load()) && r.reap() {
		select {
		case <-w.done:
			return
		case <-time.After(lookEvery / 4):
		}
	}
}

// How often the tree is looked at, and how long a process is given to print its
// stacks after its deadline.
const (
	lookEvery = 20 * time.Millisecond
	lastWords = 2 * time.Second
	// settled is for how many looks a child may run its parent's program before
	// that is its own.
	settled = 10
)

func (w *watch) run() {
	defer close(w.done)
	runtime.LockOSThread() // for the CPU time of its readings
	tick := time.NewTimer(lookEvery)
	defer tick.Stop()
	if w.looks != nil {
		w.looks.look(0) // a short process may be gone at the first tick
	}
	for n := 0; ; n++ {
		select {
		case <-w.stop:
			return
		case <-w.gone:
			w.kill()
			return
		case <-w.asked:
			w.asked = nil // a nil channel is never ready: once is enough
			w.killAt = time.Now().Add(w.limits.grace())
			w.ask()
			continue
		case <-tick.C:
		}
		if !w.killAt.IsZero() && time.Now().After(w.killAt) {
			w.forced = true
			w.kill()
			return
		}
		// All that descends from the supervisor: a process that daemonised itself
		// is no longer below the main one.
		var total, children int64
		before := threadTime()
		now := uptime()
		for _, pid := range proc.Descendants(os.Getpid()) {
			total += proc.Resident(pid)
			if pid != w.main {
				children += w.note(pid, n, now)
			}
		}
		w.childMemory = max(w.childMemory, children)
		if w.looks != nil {
			w.looks.look(children)
		}
		if w.limits.MaxMemory > 0 && total > w.limits.MaxMemory {
			w.overLimit = total
			w.kill()
			return
		}
		if w.limits.Timeout > 0 && time.Since(w.begun) > w.limits.Timeout {
			w.timedOut = true
			w.end()
			return
		}
		tick.Reset(w.pause(time.Duration(threadTime() - before)))
	}
}

// A process that runs for long is looked at less often after a while: looks take a
// hundredth of one processor then, or a soak with many children would be slowed down by
// being watched.
const (
	eager       = 30 * time.Second
	lookThrift  = 100
	longestLook = time.Second
)

// pause is how long to wait after a look that took so much of the processor's time.
// Where the tree is measured it is always the same.
func (w *watch) pause(spent time.Duration) time.Duration {
	if w.looks != nil || time.Since(w.begun) < eager {
		return lookEvery
	}
	return min(max(lookEvery, lookThrift*spent), longestLook)
}

// maxSeen bounds the list of children: a scenario that forks without end would
// otherwise fill the supervisor instead.
const maxSeen = 256

// note looks at a child, at the n-th look, which began at now, and returns its
// high-water mark, 0 for one that has ended.
func (w *watch) note(pid, n int, now int64) int64 {
	c, known := w.seen[pid]
	if proc.State(pid) == 'Z' {
		return 0 // it has lost its name and its size
	}
	if c.HighWater == 0 && sameImage(pid, w.starter(pid)) {
		// A process about to become another program still is in the memory of the
		// one that started it. One that stays what it is counts after a while.
		if w.starting[pid]++; w.starting[pid] < settled {
			return 0
		}
	}
	delete(w.starting, pid)
	size := proc.HighWater(pid)
	if size == 0 && !known {
		return 0 // it has ended since
	}
	if !known && len(w.seen) >= maxSeen {
		return size
	}
	c.PID = pid
	c.HighWater = max(c.HighWater, size)
	// Names cost more to read than sizes.
	if c.Command == "" || n%5 == 0 {
		if cmd := proc.Command(pid); cmd != "" {
			c.Command = cmd
		}
	}
	w.seen[pid] = c
	w.lives.see(pid, now)
	if w.looks != nil {
		w.looks.met(c.HighWater)
	}
	return c.HighWater
}

// starter is the process whose program a child runs until it has its own.
func (w *watch) starter(pid int) int {
	if w.looks != nil {
		if parent := proc.Parent(pid); parent > 1 && parent != os.Getpid() {
			return parent
		}
	}
	return w.main
}

// sameImage reports whether two processes run the same executable file.
func sameImage(a, b int) bool {
	one, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", a))
	other, err2 := os.Readlink(fmt.Sprintf("/proc/%d/exe", b))
	return err == nil && err2 == nil && one == other
}

// ask tells the process to end, and all that it has started where that is measured
// too: a shell would leave them behind.
func (w *watch) ask() {
	if w.looks == nil {
		_ = syscall.Kill(w.main, syscall.SIGTERM)
		return
	}
	w.wants.Store(true)
	for _, pid := range proc.Descendants(os.Getpid()) {
		_ = syscall.Kill(pid, syscall.SIGTERM)
	}
}

// end asks the process for its goroutine stacks, which the Go runtime prints on
// SIGQUIT, and then kills the tree.
func (w *watch) end() {
	w.ended = true
	if !w.mainGone.Load() {
		_ = syscall.Kill(w.main, syscall.SIGQUIT)
	}
	select {
	case <-w.stop:
		killTree(os.Getpid())
		return
	case <-w.gone:
	case <-time.After(lastWords):
	}
	w.kill()
}

// kill ends the tree. The main process is named, because the kernel's lists of
// children may miss some while others come and go.
func (w *watch) kill() {
	w.ended = true
	if !w.mainGone.Load() {
		_ = syscall.Kill(w.main, syscall.SIGKILL)
	}
	killTree(os.Getpid())
}
