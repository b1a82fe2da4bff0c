package target

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// MaybeSupervise acts as a supervisor when this process was started as one, and
// then returns true with the status to exit with. A program that launches
// targets calls it first thing in main.
func MaybeSupervise() (code int, done bool) {
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
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	oomBefore := oomKills()

	cmd := exec.Command(o.Path, o.Args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return Exit{Code: -1, Err: err.Error()}
	}
	main := cmd.Process.Pid

	gone := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.NewFile(lifeline, "lifeline"))
		close(gone)
	}()
	w := &watch{main: main, limits: o.Limits, begun: time.Now(), gone: gone, seen: map[int]Child{}, stop: make(chan struct{}), done: make(chan struct{})}
	go w.run()

	var e Exit
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			e.Code, e.Err = -1, "waiting: "+err.Error()
			break
		}
		if pid == main {
			e.Code = status.ExitStatus()
			if status.Signaled() {
				e.Code, e.Signal = -1, status.Signal().String()
			}
			break
		}
	}
	close(w.stop)
	<-w.done
	e.TimedOut, e.OverLimit = w.timedOut, w.overLimit
	e.Orphans = endOrphans()
	e.OOM = oomKills() > oomBefore
	for _, c := range w.seen {
		e.Children = append(e.Children, c)
	}
	return e
}

// watch looks at the process tree from time to time and ends it when it must.
type watch struct {
	main      int
	limits    Limits
	begun     time.Time
	gone      chan struct{} // highwater has gone
	stop      chan struct{}
	done      chan struct{}
	seen      map[int]Child
	timedOut  bool
	overLimit int64
}

// How often the tree is looked at, and how long a process is given to print its
// stacks after its deadline.
const (
	lookEvery = 20 * time.Millisecond
	lastWords = 2 * time.Second
)

func (w *watch) run() {
	defer close(w.done)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-w.stop:
			return
		case <-w.gone:
			killTree(os.Getpid())
			return
		case <-tick.C:
		}
		// All that descends from the supervisor: a process that daemonised itself
		// is no longer below the main one.
		var total int64
		for _, pid := range descendants(os.Getpid()) {
			total += resident(pid)
			// Names and high-water marks cost more to read than sizes.
			if _, known := w.seen[pid]; pid != w.main && (!known || n%5 == 0) {
				w.note(pid)
			}
		}
		if w.limits.MaxMemory > 0 && total > w.limits.MaxMemory {
			w.overLimit = total
			killTree(os.Getpid())
			return
		}
		if w.limits.Timeout > 0 && time.Since(w.begun) > w.limits.Timeout {
			w.timedOut = true
			w.end()
			return
		}
	}
}

// maxSeen bounds the list of children: a scenario that forks without end would
// otherwise fill the supervisor instead.
const maxSeen = 256

func (w *watch) note(pid int) {
	c, known := w.seen[pid]
	if !known && len(w.seen) >= maxSeen {
		return
	}
	c.PID = pid
	c.HighWater = max(c.HighWater, highWater(pid))
	if cmd := command(pid); cmd != "" {
		c.Command = cmd
	}
	w.seen[pid] = c
}

// end asks the process for its goroutine stacks, which the Go runtime prints on
// SIGQUIT, and then kills the tree.
func (w *watch) end() {
	_ = syscall.Kill(w.main, syscall.SIGQUIT)
	select {
	case <-w.stop:
	case <-w.gone:
	case <-time.After(lastWords):
	}
	killTree(os.Getpid())
}

// endOrphans kills and reaps what is left of the tree, and says what it was.
// Whatever had ended by itself is a zombie by now and is reaped first.
func endOrphans() []Child {
	reap(syscall.WNOHANG)
	var orphans []Child
	for _, pid := range descendants(os.Getpid()) {
		if c := (Child{PID: pid, Command: command(pid), HighWater: highWater(pid)}); c.Command != "" {
			orphans = append(orphans, c)
		}
	}
	killTree(os.Getpid())
	reap(0)
	return orphans
}

func reap(options int) {
	for {
		pid, err := syscall.Wait4(-1, nil, options, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
	}
}

// killTree kills every descendant of root, again and again until none is left
// that was not yet killed: one may fork while the others are being killed.
func killTree(root int) {
	for range 100 {
		living := 0
		for _, pid := range descendants(root) {
			if state(pid) != 'Z' && syscall.Kill(pid, syscall.SIGKILL) == nil {
				living++
			}
		}
		if living == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
