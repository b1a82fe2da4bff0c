package target

import (
	"os"
	"syscall"
	"time"
)

// reaper collects what has become the supervisor's own child, because the process
// that started it has ended.
type reaper struct {
	largest int64 // high-water mark of any of them, or of one that it waited for
}

// orphans says what the main process left behind. Children that end because it
// has, with its end of a pipe for example, are given a second to do so: on a busy
// machine they wait for a processor first.
func (r *reaper) orphans() []Child {
	for pause := time.Millisecond; r.reap() && pause < time.Second; pause *= 2 {
		time.Sleep(pause)
	}
	var found []Child
	for _, pid := range proc.Descendants(os.Getpid()) {
		if state := proc.State(pid); state == 'Z' || state == 'X' {
			continue // it does end
		}
		if c := (Child{PID: pid, Command: proc.Command(pid), HighWater: proc.HighWater(pid)}); c.Command != "" {
			found = append(found, c)
		}
	}
	return found
}

// lastKill is how long descendants are killed for. Those of another user cannot
// be.
const lastKill = 5 * time.Second

// end kills and reaps until no descendant is left. Since all become
// children of the subreaper in the end, none that forked in time escapes.
func (r *reaper) end() {
	for begun := time.Now(); r.reap() && time.Since(begun) < lastKill; time.Sleep(time.Millisecond) {
		killTree(os.Getpid())
	}
}

// reap collects the children that have ended and reports whether there are
// others.
func (r *reaper) reap() bool {
	for {
		var used syscall.Rusage
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, &used)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return false
		case pid == 0:
			return true
		default:
			r.note(used)
		}
	}
}

// note takes in what the kernel says of a process that has ended.
func (r *reaper) note(used syscall.Rusage) { r.largest = max(r.largest, used.Maxrss<<10) }

// killTree kills every descendant of root, again and again until it sees none
// that was not yet killed: one may fork while the others are being killed.
func killTree(root int) {
	for range 100 {
		living := 0
		for _, pid := range proc.Descendants(root) {
			if proc.State(pid) != 'Z' && syscall.Kill(pid, syscall.SIGKILL) == nil {
				living++
			}
		}
		if living == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
