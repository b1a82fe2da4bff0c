//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/creack/pty"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/procfs"
)

const (
	settle = 5 * time.Second // until a dashboard is at work
	// period is about how long a dashboard looks, or does not.
	period = 4 * time.Second
	// A dashboard that is let go on looks at once, and at all that happened meanwhile:
	// blocks of this time after a change count for nothing. It then looks once a second,
	// as one does that nobody ever stopped.
	change = 1200 * time.Millisecond
)

// sizes of terminals: the one that a dashboard is at home in, and the one it is at its
// best in.
var sizes = []pty.Winsize{{Cols: 80, Rows: 24}, {Cols: 200, Rows: 60}}

// dashboard is one on a terminal of its own.
type dashboard struct {
	process *os.Process
	pid     int
	ended   chan error
	tty     *os.File
}

func open(ctx context.Context, file, dir string, size pty.Winsize, args ...string) (*dashboard, error) {
	cmd := subject.Command(ctx, dir, file, append([]string{"profiler"}, args...)...)
	cmd.Env = append(cmd.Env, "TERM=xterm-256color", "HIGHWATER_STATE_DIR="+filepath.Join(dir, "state"))
	tty, err := pty.StartWithSize(cmd, &size)
	if err != nil {
		return nil, err
	}
	d := &dashboard{process: cmd.Process, pid: cmd.Process.Pid, ended: make(chan error, 1), tty: tty}
	go func() {
		shown, _ := io.Copy(io.Discard, tty)
		err := cmd.Wait()
		d.ended <- fmt.Errorf("the dashboard has ended after %d bytes: %w", shown, errors.Join(err, errors.New("it was not asked to")))
	}()
	return d, d.wait(ctx, settle)
}

// wait waits, for as long as the dashboard is there.
func (d *dashboard) wait(ctx context.Context, most time.Duration) error {
	select {
	case err := <-d.ended:
		d.ended <- err
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(most):
		return nil
	}
}

func (d *dashboard) close() {
	_ = d.process.Signal(syscall.SIGCONT)
	_, _ = d.tty.WriteString("q")
	select {
	case <-d.ended:
	case <-time.After(settle):
		_ = d.process.Kill()
		<-d.ended
	}
	d.tty.Close()
}

// alternate has a dashboard look at the target and not, by turns, and returns the mean CPU
// seconds of the target's blocks of both periods of each pair, without and with it.
func (t *targetProcess) alternate(ctx context.Context, file, dir string, length time.Duration, what []string) ([][2]float64, error) {
	d, err := open(ctx, file, dir, sizes[len(sizes)-1], what...)
	if err != nil {
		return nil, err
	}
	defer d.close()
	lot := rand.New(rand.NewPCG(1, 2))
	var pairs [][2]float64
	for begun := time.Now(); time.Since(begun) < length; {
		var pair [2]float64
		with := lot.IntN(2)
		most := period/2 + time.Duration(lot.Int64N(int64(period)))
		complete := true
		for range 2 {
			if err := d.process.Signal([]os.Signal{syscall.SIGSTOP, syscall.SIGCONT}[with]); err != nil {
				return nil, err
			}
			if err := d.wait(ctx, change); err != nil {
				return nil, err
			}
			t.drain()
			from := time.Now()
			if err := d.wait(ctx, most); err != nil {
				return nil, err
			}
			cpu, ok := mean(t.drain(), from)
			pair[with], complete = cpu, complete && ok
			with = 1 - with
		}
		if complete {
			pairs = append(pairs, pair)
		}
	}
	return pairs, nil
}

// mean is the mean CPU time of the blocks that began since then, in seconds.
func mean(all []block, since time.Time) (float64, bool) {
	var sum time.Duration
	n := 0
	for _, b := range all {
		if b.Begun.After(since) {
			sum += b.CPU
			n++
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum.Seconds() / float64(n), true
}

// itself is what a dashboard takes that looks four times a second, when it has begun: of
// one processor, a ratio, and the most resident bytes.
func itself(ctx context.Context, file, dir string, size pty.Winsize, length time.Duration, what ...string) (cpu, memory float64, err error) {
	d, err := open(ctx, file, dir, size, append(what, "--interval", "250ms")...)
	if err != nil {
		return 0, 0, err
	}
	defer d.close()
	proc := procfs.Root
	before, begun := proc.CPUTime(d.pid), time.Now()
	for time.Since(begun) < length {
		if err := d.wait(ctx, time.Second); err != nil {
			return 0, 0, err
		}
		memory = max(memory, float64(proc.Resident(d.pid)))
	}
	took := time.Since(begun)
	after := proc.CPUTime(d.pid)
	return (after - before).Seconds() / took.Seconds(), memory, nil
}
