//go:build !linux

package target

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// MaybeSupervise acts as the keeper of a [Scratch] folder when this process was
// started as one. Supervisors are for Linux: elsewhere a process is ended by
// highwater itself and, when highwater is killed, by its own probe.
func MaybeSupervise() (code int, done bool) { return maybeKeep() }

// WatchesMemory says whether [Limits].MaxMemory is watched over.
const WatchesMemory = false

func launch(ctx context.Context, path string, args, env []string, dir string, l Limits) Exit {
	var e Exit
	if l.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, l.Timeout)
		defer cancel()
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env, cmd.Dir = env, dir
	stderr := newHeadTail(stderrKept)
	printed := l.tee(stderr)
	cmd.Stdout, cmd.Stderr = printed, printed
	cmd.WaitDelay = time.Second
	ended, done := make(chan struct{}), make(chan struct{})
	err := cmd.Start()
	if err == nil {
		go func() { e.Stopped, e.Forced = stopOnRequest(cmd.Process, l, ended); close(done) }()
		err = cmd.Wait()
		close(ended)
		<-done
	}
	e.Stderr = stderr.String()
	e.TimedOut = errors.Is(ctx.Err(), context.DeadlineExceeded)
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		e.Code = exit.ExitCode()
		if e.Code < 0 {
			e.Signal = exit.String()
		}
	default:
		e.Code, e.Err = -1, err.Error()
	}
	return e
}

// stopOnRequest asks the process to end when it is to, and kills it when its grace
// is over.
func stopOnRequest(p *os.Process, l Limits, ended <-chan struct{}) (stopped, forced bool) {
	select {
	case <-ended:
		return false, false
	case <-l.Stop:
	}
	if p.Signal(syscall.SIGTERM) != nil { // Windows cannot be asked
		_ = p.Kill()
		return true, true
	}
	select {
	case <-ended:
		return true, false
	case <-time.After(l.grace()):
		_ = p.Kill()
		return true, true
	}
}
