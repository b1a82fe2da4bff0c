//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/creack/pty"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/procfs"
)

const (
	settle   = 5 * time.Second // until a dashboard is at work
	interval = time.Second     // the default one
)

// sizes of terminals: the one that a dashboard is at home in, and the one it is at its
// best in.
var sizes = []pty.Winsize{{Cols: 80, Rows: 24}, {Cols: 200, Rows: 60}}

// dashboard is one on a terminal of its own.
type dashboard struct {
	process *os.Process
	pid     int
	ended   chan struct{} // closed when it has,
	how     error         // and how
	tty     *os.File
}

func open(ctx context.Context, file, dir string, size pty.Winsize, args, env []string) (*dashboard, error) {
	cmd := subject.Command(ctx, "", file, append([]string{"profiler"}, args...)...)
	cmd.Env = append(append(cmd.Env, "TERM=xterm-256color", "HIGHWATER_STATE_DIR="+filepath.Join(dir, "state")), env...)
	tty, err := pty.StartWithSize(cmd, &size)
	if err != nil {
		return nil, err
	}
	d := &dashboard{process: cmd.Process, pid: cmd.Process.Pid, ended: make(chan struct{}), tty: tty}
	go func() {
		shown, _ := io.Copy(io.Discard, tty)
		err := cmd.Wait()
		d.how = fmt.Errorf("the dashboard has ended after %d bytes: %w", shown, errors.Join(err, errors.New("it was not asked to")))
		close(d.ended)
	}()
	return d, nil
}

// wait waits, for as long as the dashboard is there.
func (d *dashboard) wait(ctx context.Context, most time.Duration) error {
	select {
	case <-d.ended:
		return d.how
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(most):
		return nil
	}
}

func (d *dashboard) close() {
	_, _ = d.tty.WriteString("q")
	select {
	case <-d.ended:
	case <-time.After(settle):
		_ = d.process.Kill()
		<-d.ended
	}
	d.tty.Close()
}

// cost has the dashboard look at a target, and returns pairs of what work would have taken
// without its looks and took with them, and the same of looks that there were none of,
// which is how good this measurement is.
func (d *dashboard) cost(ctx context.Context, s *stream, length time.Duration) (pairs, none [][2]float64, near float64, err error) {
	inner, stop := context.WithCancel(ctx)
	defer stop()
	s.drain()
	watching := watch(inner, d.pid)
	var blocks []block
	for begun := time.Now(); time.Since(begun) < length; {
		if err := d.wait(ctx, time.Second); err != nil {
			return nil, nil, 0, err
		}
		blocks = append(blocks, s.drain()...)
	}
	stop()
	looks := <-watching
	pairs, near = fold(looks, blocks, 0)
	none, _ = fold(looks, blocks, interval/2)
	const least = 20
	if len(pairs) < least || len(none) < least {
		return nil, nil, 0, fmt.Errorf("%d looks among %d blocks of work are too few for a ratio; give it more -time", len(looks), len(blocks))
	}
	return pairs, none, near, nil
}

// itself is what a dashboard takes that looks four times a second, when it has begun: of
// one processor, a ratio, and the most resident bytes.
func itself(ctx context.Context, file, dir string, size pty.Winsize, length time.Duration, what ...string) (cpu, memory float64, err error) {
	d, err := open(ctx, file, dir, size, append(what, "--interval", "250ms"), nil)
	if err != nil {
		return 0, 0, err
	}
	defer d.close()
	if err := d.wait(ctx, settle); err != nil {
		return 0, 0, err
	}
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
